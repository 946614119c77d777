//! Backups of Aerospike, as `asbackup`, `absctl` and the backup service write them: text (ASB), and binary (ASBX).

pub(crate) mod asbx;
mod bin;
mod global;
mod names;
mod record;
pub(crate) mod text;
mod token;
