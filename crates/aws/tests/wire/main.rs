//! The adapters against worlds on the wire: the sandbox, and emulators that others wrote; and the
//! contract suite against the fake, so that tests above do not rest on a fake that behaves otherwise.
//!
//! `README.md` beside this folder tells which world runs which case, and why one does not.

mod calls;
mod cases;
mod estate;
mod policies;
mod records;
mod setup;
mod skips;
mod table;
mod vaults;
mod world;
