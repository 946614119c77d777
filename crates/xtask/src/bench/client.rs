//! What a browser does to sign in, without a browser.

use anyhow::{Context as _, bail};

use crate::http::Connection;

/// Signs in through the form of the sign-in page and answers the session's cookie.
pub(super) fn sign_in(address: &str, name: &str, password: &str) -> anyhow::Result<String> {
    let mut connection = Connection::open(address)?;
    let accept = ("accept", "text/html");
    let page = connection.request("GET", "/sign-in", &[accept], &[])?;
    let html = String::from_utf8(page.body)?;
    let form = html
        .split("<form")
        .skip(1)
        .filter_map(|rest| rest.split("</form>").next())
        .find(|form| form.contains("\"password\""))
        .context("the sign-in page has no form that signs in")?;
    let action = attribute(form, "action").context("the sign-in form has no action")?;
    let mut fields = Vec::new();
    for input in form.split("<input").skip(1) {
        let tag = input.split('>').next().unwrap_or_default();
        let Some(field) = attribute(tag, "name") else {
            continue;
        };
        let value = match attribute(tag, "type").as_deref() {
            Some("password") => password.to_owned(),
            Some("hidden") => attribute(tag, "value").unwrap_or_default(),
            _ => name.to_owned(),
        };
        fields.push(format!("{}={}", encode(&field), encode(&value)));
    }
    let answer = connection.request(
        "POST",
        &action,
        &[
            accept,
            ("content-type", "application/x-www-form-urlencoded"),
        ],
        fields.join("&").as_bytes(),
    )?;
    if answer.status != 303 && answer.status != 302 {
        bail!("signing in as {name} answered {}", answer.status);
    }
    let cookies: Vec<&str> = answer
        .headers
        .iter()
        .filter(|(header, _)| header == "set-cookie")
        .filter_map(|(_, value)| value.split(';').next())
        .collect();
    if cookies.is_empty() {
        bail!("signing in as {name} set no cookie");
    }
    Ok(cookies.join("; "))
}

/// The value of an attribute in the text of a tag, its character references resolved.
pub(super) fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}

fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format_args!("%{byte:02X}").to_string());
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::{attribute, encode};

    #[test]
    fn attributes_are_read_with_their_character_references() {
        let tag = r#" type="hidden" name="page" value="/runs?a=1&amp;b=2" "#;
        assert_eq!(attribute(tag, "value").as_deref(), Some("/runs?a=1&b=2"));
        assert_eq!(attribute(tag, "alt"), None);
    }

    #[test]
    fn form_fields_are_percent_encoded() {
        assert_eq!(encode("a b&c"), "a%20b%26c");
    }
}
