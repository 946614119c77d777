//! What a timeline draws: marks, bands, and how they fall together at a zoom level.

mod event;
mod lane;
mod look;
mod mark;
mod scale;

pub use event::{Event, EventKind};
pub use lane::{Band, BandKind, Lane, TimelineRow};
pub use look::{Look, State};
pub use mark::{Mark, MarkKind, Only};
pub use scale::{Columns, position};
