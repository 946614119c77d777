use std::collections::HashMap;

use aws_smithy_types::Blob;

/// A value, whichever SDK's type holds it.
pub(in crate::records) enum Shape<'a, V> {
    Text(&'static str, &'a str),
    Binary(&'a [u8]),
    Flag(&'static str, bool),
    Texts(&'static str, &'a [String]),
    Binaries(&'a [Blob]),
    List(&'a [V]),
    Map(&'a HashMap<String, V>),
}

/// An attribute value of one of the SDKs.
pub(in crate::records) trait WireValue: Sized {
    /// What it is; none for a type that DynamoDB had not when this was written.
    fn shape(&self) -> Option<Shape<'_, Self>>;
}

macro_rules! wire_value {
    ($sdk:ident) => {
        impl WireValue for $sdk::types::AttributeValue {
            fn shape(&self) -> Option<Shape<'_, Self>> {
                Some(match self {
                    Self::S(text) => Shape::Text("S", text),
                    Self::N(text) => Shape::Text("N", text),
                    Self::B(bytes) => Shape::Binary(bytes.as_ref()),
                    Self::Bool(flag) => Shape::Flag("BOOL", *flag),
                    Self::Null(flag) => Shape::Flag("NULL", *flag),
                    Self::Ss(texts) => Shape::Texts("SS", texts),
                    Self::Ns(texts) => Shape::Texts("NS", texts),
                    Self::Bs(binaries) => Shape::Binaries(binaries),
                    Self::L(values) => Shape::List(values),
                    Self::M(map) => Shape::Map(map),
                    _ => return None,
                })
            }
        }
    };
}

wire_value!(aws_sdk_dynamodb);
wire_value!(aws_sdk_dynamodbstreams);
