//! Timelines as files.

mod csv;
mod svg;

pub use csv::csv;
pub use svg::svg;
