//! Record-level backups over the wire: the sandbox, and emulators where they can.

mod bucket;
mod buckets;
mod capture;
mod dumps;
mod older;
mod place;
mod restore;
mod table;
