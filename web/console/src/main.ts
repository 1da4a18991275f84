import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { preferredLocale, setLocale } from './i18n'
import { router } from './router'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './styles/theme.css'
import './styles/base.css'
import './styles/print.css'

// The library's dark colours hang on a class; ours follow the system.
const dark = matchMedia('(prefers-color-scheme: dark)')
const paint = () => document.documentElement.classList.toggle('dark', dark.matches)
dark.addEventListener('change', paint)
paint()

await setLocale(preferredLocale(), false)
createApp(App).use(createPinia()).use(router).mount('#app')
