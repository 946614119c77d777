//! Who is signed in, and how pages look to them.

mod change_password;
mod set_theme;
mod sign_in;
mod sign_out;

pub use change_password::{ChangePassword, change_password};
pub use set_theme::{SetTheme, set_theme};
pub use sign_in::{SignIn, sign_in};
pub use sign_out::{SignOut, sign_out};
