//! Servers that live as long as a command: emulators, a database, the console itself.

mod child;
pub(crate) mod demo;
pub(crate) mod ministack;
pub(crate) mod moto;
pub(crate) mod postgres;
pub(crate) mod sandbox;

pub(crate) use child::{Server, command};
