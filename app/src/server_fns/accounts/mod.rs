//! Registered accounts.

mod add;
mod check;
mod get;
mod list;
mod refresh;
mod remove;
mod template;

pub use add::{AddAccount, AddedAccount, add_account};
pub use check::{CheckAccount, check_account};
pub use get::{GetAccount, get_account};
pub use list::{ListAccounts, list_accounts};
pub use refresh::{RefreshAccount, refresh_account};
pub use remove::{RemoveAccount, remove_account};
pub use template::{AccountTemplate, account_template};
