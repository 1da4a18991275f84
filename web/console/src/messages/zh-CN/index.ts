import account from './account.json'
import common from './common.json'
import form from './form.json'
import home from './home.json'
import problem from './problem.json'
import staff from './staff.json'

export default { account, common, form, home, problem, staff }
