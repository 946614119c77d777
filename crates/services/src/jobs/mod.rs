//! Jobs of AWS Backup over all accounts: which there were, and why some failed.

mod causes;
mod list;

pub use causes::causes;
pub use list::list;
