//! Signing in, and who a session belongs to.

mod caller_of;
mod change_password;
mod one_time_password;
mod password;
mod sign_in;
mod sign_out;

pub use caller_of::{caller_of, me};
pub use change_password::change_password;
pub use one_time_password::one_time_password;
pub(crate) use password::verify_password;
pub use password::{check_new_password, hash_password};
pub use sign_in::sign_in;
pub use sign_out::sign_out;
