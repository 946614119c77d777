//! The use cases over fakes: one binary, a module per noun.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod accounts;
mod audit;
mod authorisation;
mod backup;
mod battery;
mod bucket_copies;
mod buckets;
mod coverage;
mod dumps;
mod enrolment;
mod guard;
mod overview;
mod permission_report;
mod permissions;
mod plan_battery;
mod plans;
mod point_changes;
mod point_copies;
mod policies;
mod policy_sizes;
mod records;
mod records_undo;
mod restore_destination;
mod restore_kinds;
mod restore_plan;
mod restore_replaced;
mod restore_run;
mod restore_tags;
mod runs;
mod session;
mod sets;
mod sync;
mod timeline;
mod unsure;
mod users;
mod vaults;
mod world;
