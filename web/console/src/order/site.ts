import { api, must } from '@/api/client'
import type { Site } from '@/api/types'
import { useResource } from '@/components/useResource'
import type { Resource } from '@/components/useResource'
import { locale } from '@/i18n'

/** What a visitor may know of the provider: its numbers, its channels, the texts to agree to. */
export const useSite = (): Resource<Site> => useResource((signal) => must(api.GET('/api/v1/site', { signal })), () => locale.value)
