"""What is wrong with a model that somebody wants to use."""


class ModelRefused(Exception):
    """Its text ends the sentence "… is not used to judge sentiment: …"."""
