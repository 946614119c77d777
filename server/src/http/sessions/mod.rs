//! Who a request comes from: server-side sessions behind a cookie that scripts cannot read.

mod cookie;
mod identify;
mod port;
mod record;
mod storage;

pub(super) use cookie::layer;
pub(super) use identify::{Origin, identify};
pub(super) use port::HttpSession;
pub(super) use record::SignedIn;
pub use storage::SessionStorage;
