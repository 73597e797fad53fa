// Boots Bluesky's reference network (directory, account server, AppView, moderation) on the loopback address and
// fills it. Every port is a free one; READY_FILE tells them when all is ready.
// env: SEED_POSTS=200 SEED_KEYWORDS="acme,widget" SEED_ACCOUNTS=5 SEARCH=real|devenv RATE_LIMITS=0|1 READY_FILE
import http from 'node:http';
import net from 'node:net';
import fs from 'node:fs';
import { TestNetwork, mockMailer } from '@atproto/dev-env';
const t0 = Date.now();
const N = +(process.env.SEED_POSTS ?? 200);
const A = Math.max(2, +(process.env.SEED_ACCOUNTS ?? 5));
const KW = (process.env.SEED_KEYWORDS ?? 'acme,widget').split(',').map((s) => s.trim()).filter(Boolean);
const MODE = process.env.SEARCH ?? 'real';
const freePort = () => new Promise((done) => {
  const probe = net.createServer().listen(0, () => { const { port } = probe.address(); probe.close(() => done(port)); });
});
const [PDS_PORT, BSKY_PORT, PLC_PORT, OZONE_PORT, INTROSPECT_PORT, SEARCH_PORT] =
  await Promise.all(Array.from({ length: 6 }, freePort));

const network = await TestNetwork.create({
  pds: { port: PDS_PORT, hostname: 'localhost', enableDidDocWithSession: true,
         ...(process.env.RATE_LIMITS === '1' ? { rateLimitsEnabled: true } : {}) },
  bsky: { dbPostgresSchema: 'bsky', port: BSKY_PORT, publicUrl: `http://localhost:${BSKY_PORT}`,
          ...(MODE === 'real' ? { searchUrl: `http://127.0.0.1:${SEARCH_PORT}` } : {}) },
  plc: { port: PLC_PORT },
  ozone: { port: OZONE_PORT, dbMaterializedViewRefreshIntervalMs: 30_000 },
  introspect: { port: INTROSPECT_PORT },
});
mockMailer(network.pds);
const bootMs = Date.now() - t0;

// Stand-in for the search service that sits behind the AppView in production (not part of dev-env, whose own
// fallback is a case-sensitive SQL LIKE that ignores since/until/lang/tag/sort). The AppView in front of it is the real one:
// parameter validation, auth, hydration, paging and the response are its own.
async function didOf(v) {
  if (!v || v.startsWith('did:')) return v;
  const r = await network.bsky.db.db.selectFrom('actor').where('handle', '=', v.replace(/^@/, '')).select('did').executeTakeFirst();
  return r?.did ?? 'did:none';
}
const search = http.createServer(async (req, res) => {
  try {
    const u = new URL(req.url, 'http://x');
    const p = u.searchParams;
    if (!u.pathname.endsWith('app.bsky.unspecced.searchPostsSkeleton')) { res.writeHead(501).end('{}'); return; }
    let q = p.get('q') ?? '', author = p.get('author'), since = p.get('since'), until = p.get('until');
    const tags = p.getAll('tag'), lang0 = p.get('lang'); let lang = lang0;
    const phrases = []; q = q.replace(/"([^"]+)"/g, (_, s) => { phrases.push(s); return ' '; });
    const words = [], nots = [];
    for (const w of q.split(/\s+/).filter(Boolean)) {
      let m;
      if ((m = /^from:(.+)$/.exec(w))) author = m[1];
      else if ((m = /^since:(.+)$/.exec(w))) since = m[1];
      else if ((m = /^until:(.+)$/.exec(w))) until = m[1];
      else if ((m = /^lang:(.+)$/.exec(w))) lang = m[1];
      else if ((m = /^#(.+)$/.exec(w))) tags.push(m[1]);
      else if (w === 'OR' || w === 'AND') { /* not operators here */ }
      else if (w.startsWith('-') && w.length > 1) nots.push(w.slice(1));
      else words.push(w);
    }
    const limit = Math.min(100, +(p.get('limit') ?? 25)), off = +(p.get('cursor') ?? 0);
    const { sql } = await import('kysely');
    let qb = network.bsky.db.db.selectFrom('post').innerJoin('record', 'record.uri', 'post.uri').select(['post.uri as uri', 'post.sortAt as sortAt']);
    const esc = (s) => s.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    for (const w of words) qb = qb.where(sql`lower(post.text) ~ ${'(^|[^[:alnum:]])' + esc(w) + '([^[:alnum:]]|$)'}`);
    for (const w of nots) qb = qb.where(sql`lower(post.text) !~ ${'(^|[^[:alnum:]])' + esc(w) + '([^[:alnum:]]|$)'}`);
    for (const w of phrases) qb = qb.where(sql`lower(post.text) like ${'%' + w.toLowerCase() + '%'}`);
    for (const w of tags) qb = qb.where(sql`lower(post.text) ~ ${'#' + esc(w) + '([^[:alnum:]_]|$)'}`);
    const norm = (v) => (/^\d{4}-\d\d-\d\d$/.test(v) ? v + 'T00:00:00.000Z' : new Date(v).toISOString());
    if (since) qb = qb.where('post.sortAt', '>=', norm(since));
    if (until) qb = qb.where('post.sortAt', '<', norm(until));
    if (lang) qb = qb.where(sql`(record.json::jsonb -> 'langs') ? ${lang}`);
    if (author) qb = qb.where('post.creator', '=', await didOf(author));
    const rows = await qb.orderBy('post.sortAt', 'desc').offset(off).limit(limit + 1).execute();
    const body = { posts: rows.slice(0, limit).map((r) => ({ uri: r.uri })), ...(rows.length > limit ? { cursor: String(off + limit) } : {}) };
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  } catch (e) { console.error('search', e); res.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: 'InternalServerError', message: String(e) })); }
});
if (MODE === 'real') await new Promise((r) => search.listen(SEARCH_PORT, '127.0.0.1', r));

// ---- seed
const t1 = Date.now();
const names = ['alice', 'bob', 'carla', 'dan', 'erin', 'frank', 'grace', 'heidi', 'ivan', 'judy'];
const agents = [];
for (let i = 0; i < A; i++) {
  const n = names[i] ?? `user${i}`;
  const agent = network.pds.getAgent();
  await agent.createAccount({ email: `${n}@test.com`, handle: `${n}.test`, password: 'hunter2' });
  await agent.app.bsky.actor.profile.create({ repo: agent.session.did }, { displayName: n[0].toUpperCase() + n.slice(1), description: `Test user ${i}`, createdAt: new Date().toISOString() });
  agents.push(agent);
}
for (let i = 1; i < A; i++) { await agents[i].follow(agents[0].session.did); await agents[0].follow(agents[i].session.did); }
const templates = [
  (k) => `I love ${k}, best purchase this year!`, (k) => `${k.toUpperCase()} support never answers. Terrible service 😡`,
  (k) => `Has anyone tried the new ${k}? #${k} #review`, (k) => `Just saw ${k}s on sale https://example.com/${k}?utm_source=bsky`,
  (k) => `Пробую ${k} сегодня — отлично`, (k) => `not sure about ${k}…\nsecond line & <b>html</b> "quotes"`,
  (k) => `un${k}like text that must not match as a word`, () => `Nothing relevant here at all`,
];
const now = Date.now();
const posts = [];
for (let i = 0; i < N; i++) {
  const k = KW[i % KW.length], t = templates[i % templates.length];
  const ag = agents[i % A];
  const createdAt = new Date(now - (N - i) * 60_000).toISOString();   // one a minute, newest last
  const rec = { text: t(k), createdAt, langs: [i % templates.length === 4 ? 'ru' : 'en'] };
  if (i % 10 === 9) { const p = posts[i - 9]; rec.reply = { root: p, parent: p }; }
  const r = await ag.app.bsky.feed.post.create({ repo: ag.session.did }, rec);
  posts.push({ uri: r.uri, cid: r.cid });
  if (i % 5 === 0 && i) { const b = agents[(i + 1) % A]; await b.like(posts[i - 1].uri, posts[i - 1].cid); if (i % 20 === 0) await b.repost(posts[i - 1].uri, posts[i - 1].cid); }
}
await network.processAll?.();
await network.processFullSubscription?.(60_000);
const info = {
  ready: true, bootMs, seedMs: Date.now() - t1, rssMB: Math.round(process.memoryUsage().rss / 1048576), pid: process.pid,
  plc: network.plc.url, pds: network.pds.url, appview: network.bsky.url, appviewDid: network.bsky.serverDid,
  search: MODE, accounts: agents.map((a, i) => ({ handle: a.session.handle, did: a.session.did, password: 'hunter2' })), keywords: KW, posts: N,
};
fs.writeFileSync(process.env.READY_FILE ?? 'ready.json', JSON.stringify(info, null, 1));
console.log(JSON.stringify(info));
const stop = async () => { try { await network.close(); } catch {} process.exit(0); };
process.on('SIGTERM', stop); process.on('SIGINT', stop);
