//! How server functions are asked and answer the browser.
//!
//! What the browser sends is read strictly on the server: an argument that nobody knows is refused by
//! its name. What the server answers is read as it comes.

use bytes::Bytes;
use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType, codec::Post};
use serde::{Serialize, de::DeserializeOwned};
use tidemark_domain::Invalid;

/// JSON read from text.
///
/// The page's own data, which the server put into it, is read from text too. The codec that Leptos
/// brings reads from bytes instead, which would compile the decoder of every answer a second time
/// into the browser's module.
pub struct TextJson;

/// JSON in the body of a `POST`.
pub type Json = Post<TextJson>;

/// The fields of a plain form, read strictly.
pub struct FormFields;

/// A plain form in the body of a `POST`.
pub type Form = Post<FormFields>;

/// The error of a server function, as JSON read from text, on either side.
pub struct ErrorJson;

/// Why something could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// An argument breaks a rule; on the server.
    #[error("{START}{field}{BETWEEN}{rule}", field = .0.field, rule = .0.rule)]
    Argument(Invalid),
    /// What came is no JSON of that kind.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// It could not be written as a form.
    #[error(transparent)]
    Form(#[from] serde_qs::Error),
}

/// Around a field and its rule in an error's text, the only thing that passes through Leptos.
const START: char = '\u{1}';
const BETWEEN: char = '\u{2}';

/// The argument that breaks a rule, from the text of an error.
pub(crate) fn argument(text: &str) -> Option<Invalid> {
    let (field, rule) = text.strip_prefix(START)?.split_once(BETWEEN)?;
    Some(Invalid::new(field, rule))
}

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

#[cfg(not(feature = "ssr"))]
impl<T: DeserializeOwned> Decodes<T> for TextJson {
    type Error = Unreadable;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        Ok(read_text(&bytes)?)
    }
}

#[cfg(feature = "ssr")]
impl<T: DeserializeOwned> Decodes<T> for TextJson {
    type Error = Unreadable;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        tidemark_domain::strict::from_json("request body", &bytes).map_err(Unreadable::Argument)
    }
}

impl ContentType for ErrorJson {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for ErrorJson {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for ErrorJson {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_string(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for ErrorJson {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        read_text(&bytes)
    }
}

fn read_text<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    let text = std::str::from_utf8(bytes).map_err(serde::de::Error::custom)?;
    serde_json::from_str(text)
}

impl ContentType for FormFields {
    const CONTENT_TYPE: &'static str = "application/x-www-form-urlencoded";
}

impl FormatType for FormFields {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for FormFields {
    type Error = Unreadable;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        Ok(serde_qs::to_string(value).map(Bytes::from)?)
    }
}

impl<T: DeserializeOwned> Decodes<T> for FormFields {
    type Error = Unreadable;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        /// What forms carry for the page that shows them again, beside the arguments.
        const OF_THE_PAGE: [&str; 3] = ["page", "form", "op"];

        let fields = crate::query::pairs(&String::from_utf8_lossy(&bytes));
        tidemark_domain::strict::from_form("form", &fields, &OF_THE_PAGE)
            .map_err(Unreadable::Argument)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Ask {
        name: String,
        #[serde(default)]
        keys: Vec<String>,
    }

    #[test]
    fn an_answer_that_is_not_text_is_an_error() {
        let read: Result<String, _> = TextJson::decode(Bytes::from_static(b"\"\xff\""));
        assert!(read.is_err());
    }

    #[test]
    fn a_value_survives_the_way_to_the_browser() -> Result<(), Unreadable> {
        let sent = vec![(1_u32, "ä".to_owned())];
        let read: Vec<(u32, String)> = TextJson::decode(TextJson::encode(&sent)?)?;
        assert_eq!(read, sent);
        Ok(())
    }

    #[test]
    fn a_form_comes_back_as_it_went() {
        let sent = Ask {
            name: "a&b=ü".to_owned(),
            keys: vec!["1".to_owned(), "x".to_owned()],
        };
        let read: Ask = FormFields::decode(FormFields::encode(&sent).unwrap()).unwrap();
        assert_eq!(read, sent);
    }

    #[test]
    fn an_argument_that_nobody_knows_is_named_through_the_text_of_the_error() {
        let form = Bytes::from_static(b"page=%2Fplans&name=a&keys%5B%5D=1&nmae=b");
        let error = <FormFields as Decodes<Ask>>::decode(form).unwrap_err();
        let invalid = argument(&error.to_string()).unwrap();
        assert_eq!(invalid.field, "nmae");
        assert!(
            invalid.rule.contains("did you mean name?"),
            "{}",
            invalid.rule
        );
        let form = Bytes::from_static(b"page=%2Fplans&name=a&keys%5B%5D=1");
        assert!(<FormFields as Decodes<Ask>>::decode(form).is_ok());
        assert_eq!(argument("something else"), None);
    }
}
