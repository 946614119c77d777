pub(crate) mod client;
pub(crate) mod console;
pub(crate) mod target;
pub(crate) mod wait;

pub(crate) use client::{Answer, Client};
pub(crate) use console::{ACCOUNT, CARTS, EXPORTER, ORDERS, PASSWORD, SHARED_BUCKET, TestConsole};
