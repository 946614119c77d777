//! What backups cost: estimates from the dated list of prices, never a bill.

mod early_deletion;
mod list_prices;
mod report;
mod resource;

pub use early_deletion::early_deletion;
pub use list_prices::{list_prices, prices_with};
pub use report::report;
pub use resource::resource;
