//! What exists on the server only: the contexts that it provides, the answers to forms, and how
//! errors of use cases become errors of pages.

mod areas;
mod context;
mod errors;
pub mod export;
mod forms;
mod json;
mod names;
mod restore;
mod rows;
mod set_restore;

pub use areas::AreaFiles;
pub(crate) use areas::tell;
pub use context::{Console, SessionPort, Visitor, provide};
pub(crate) use context::{
    console, console_and_caller, has_request, keep_theme, nobody, page_asked_for, session,
    session_port, visitor,
};
pub(crate) use errors::{failed, parse, refused, set_status};
pub use forms::handle_server_fn;
pub(crate) use forms::{local_or_home, outcome, redirect, see_page, sign_in_path};
pub(crate) use json::json;
pub(crate) use names::known_names;
pub(crate) use restore::restore_request;
pub(crate) use rows::{audit_row, days, run_filter, run_id, run_page, run_row};
pub(crate) use set_restore::read as set_restore_wish;
