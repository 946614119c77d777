//! How server functions answer the browser.

use bytes::Bytes;
use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType, codec::Post};
use serde::{Serialize, de::DeserializeOwned};

/// JSON read from text.
///
/// The page's own data, which the server put into it, is read from text too. The codec that Leptos
/// brings reads from bytes instead, which would compile the decoder of every answer a second time
/// into the browser's module.
pub struct TextJson;

/// JSON in the body of a `POST`.
pub type Json = Post<TextJson>;

impl ContentType for TextJson {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for TextJson {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for TextJson {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_string(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for TextJson {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        let text = std::str::from_utf8(&bytes).map_err(serde::de::Error::custom)?;
        serde_json::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_is_not_text_is_an_error() {
        let read: Result<String, _> = TextJson::decode(Bytes::from_static(b"\"\xff\""));
        assert!(read.is_err());
    }

    #[test]
    fn a_value_survives_the_way_to_the_browser() -> Result<(), serde_json::Error> {
        let sent = vec![(1_u32, "ä".to_owned())];
        let read: Vec<(u32, String)> = TextJson::decode(TextJson::encode(&sent)?)?;
        assert_eq!(read, sent);
        Ok(())
    }
}
