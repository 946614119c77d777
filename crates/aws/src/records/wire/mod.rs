//! Between the SDKs' attribute values and DynamoDB's wire form as text,
//! `{"id":{"S":"a"},"n":{"N":"1"}}`. Numbers are copied as the text that they are.

mod read;
mod shape;
mod write;

pub(super) use read::read_item;
pub(super) use write::item_text;

#[cfg(test)]
mod tests;
