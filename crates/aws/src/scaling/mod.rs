//! Application Auto Scaling of DynamoDB's tables and indexes.

mod policy;
mod put_scaling;
mod read_scaling;

pub(crate) use put_scaling::put_scaling;
pub(crate) use read_scaling::read_scaling;
