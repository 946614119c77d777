//! The restore wizard: one route, its state in the address, a file per stage.

mod frame;
mod options;
mod page;
mod review;
mod slider;
mod target;
mod what;
mod when;

pub(crate) use page::RestorePage;
