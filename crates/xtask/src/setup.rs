//! Set-up of a bare machine: what is missing is installed, or named with the command that does it.

pub(crate) mod apt;
pub(crate) mod chromium;
pub(crate) mod npm;
pub(crate) mod python;
pub(crate) mod rust;
