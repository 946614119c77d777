//! A resource over time: recovery points as marks, the continuous window as a band.

mod cursor;
mod layout;
mod legend;
mod mark;
mod view;

pub(crate) use legend::Legend;
pub(crate) use view::LaneView;
