//! Coverage and compliance: how resources are protected, and what the controls of the house say.

mod changes;
mod controls;
mod csv;
mod estate;
mod put_control;
mod record_day;
mod remove_control;
mod report;

pub use changes::changes;
pub use controls::controls;
pub use csv::csv;
pub use put_control::put_control;
pub use record_day::record_day;
pub use remove_control::remove_control;
pub use report::report;
