// Keeps the last seen pages of a worker's space, and the assets they need, for when there is no network.
const PAGES = "pages-1"
const ASSETS = "assets-1"
const IS_ASSET = /^\/(static|style|script)\//

const keep = async (name, request, answer) => {
  if (answer.ok && !answer.redirected && answer.type === "basic") (await caches.open(name)).put(request, answer.clone())
  return answer
}

// Their addresses change with their content: what is kept is right for ever.
const asset = async request => (await caches.match(request)) || keep(ASSETS, request, await fetch(request))

const page = async request => {
  try {
    return await keep(PAGES, request, await fetch(request))
  } catch (problem) {
    const kept = await caches.match(request)
    if (kept) return kept
    throw problem
  }
}

addEventListener("fetch", event => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== "GET" || url.origin !== location.origin) return
  if (IS_ASSET.test(url.pathname)) event.respondWith(asset(request))
  else if (request.mode === "navigate" && request.url.startsWith(registration.scope)) event.respondWith(page(request))
})

// On leaving the space: the next holder of the phone must not find the pages.
addEventListener("message", event => { if (event.data === "forget") event.waitUntil(caches.delete(PAGES)) })
addEventListener("install", () => skipWaiting())
addEventListener("activate", event => event.waitUntil(clients.claim()))
