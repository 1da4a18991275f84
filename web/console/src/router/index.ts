import { createRouter, createWebHistory } from 'vue-router'
import type { RouteLocationNormalized, RouteRecordRaw } from 'vue-router'
import { useSession } from '@/session/store'
import { pages, stem } from './pages'
import type { Area, Page } from './pages'

declare module 'vue-router' {
  interface RouteMeta {
    page?: Page
  }
}

const views = import.meta.glob<{ default: object }>('../views/**/*.vue')

function route(page: Page): RouteRecordRaw {
  const view = views[`../views/${stem(page)}.vue`]
  if (!view) throw new Error(`${page.path} has no src/views/${stem(page)}.vue`)
  return { path: page.path, component: view, meta: { page } }
}

const of = (area: Area) => pages.filter((page) => page.area === area).map(route)

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (to, _from, saved) => saved ?? (to.hash && document.querySelector(to.hash) ? { el: to.hash } : { top: 0 }),
  routes: [
    { path: '/staff', component: () => import('@/layouts/StaffLayout.vue'), children: of('staff') },
    {
      path: '/',
      component: () => import('@/layouts/ApplicantLayout.vue'),
      children: [...of('applicant'), { path: '/:rest(.*)*', component: () => import('@/components/NotFound.vue') }],
    },
  ],
})

/** Only a path of ours may be the page to go on to after signing in. */
export function nextPath(to: RouteLocationNormalized): string | undefined {
  const next = to.query.next
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : undefined
}

// On the body, so that dialogs and lists that hang there have the same measures.
router.afterEach((to) => void (document.body.dataset.area = to.meta.page?.area ?? 'applicant'))

router.beforeEach(async (to) => {
  const page = to.meta.page
  if (!page) return true
  const session = useSession()
  if (page.open) {
    // For the links on top only: an open page waits for nobody.
    if (!session.known && !page.visitors) void session.load()
    return true
  }
  if (!session.known) await session.load()
  if (!session.me) return { path: '/sign-in', query: to.path === '/' ? {} : { next: to.fullPath } }
  if (page.area === 'staff' && !session.isStaff) return { path: '/' }
  return !page.needs || session.may(page.needs) || { path: page.area === 'staff' ? '/staff' : '/' }
})
