use awsim_core::{
    AwsError,
    protocol::{ParsedRequest, Protocol, parse_request},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use serde_json::Value;

use super::{Service, scope::url_pairs};

/// Operations whose body is data, to be kept byte for byte.
const DATA_BODIES: [&str; 2] = ["PutObject", "UploadPart"];

/// Reads the operation and its input from a request.
pub(super) fn parse(
    service: &Service,
    protocol: Protocol,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<ParsedRequest, AwsError> {
    let mut parsed = parse_as_stock(service, protocol, method, uri, headers, body)?;
    if protocol == Protocol::RestXml {
        decode_names(&mut parsed.input, uri);
    }
    Ok(parsed)
}

/// Keys, prefixes and markers as UTF-8, where awsim makes a character of each byte.
fn decode_names(input: &mut Value, uri: &Uri) {
    let Value::Object(members) = input else {
        return;
    };
    if let Some(key) = members.get_mut("Key")
        && let Some((_, path)) = uri.path().trim_start_matches('/').split_once('/')
    {
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        *key = Value::String(decoded.into_owned());
    }
    for (name, value) in url_pairs(uri.query().unwrap_or_default()) {
        if let Some(member) = members.get_mut(&name)
            && member.is_string()
        {
            *member = Value::String(value);
        }
    }
}

fn parse_as_stock(
    service: &Service,
    protocol: Protocol,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<ParsedRequest, AwsError> {
    if protocol == Protocol::RestXml && *method == Method::PUT {
        // awsim parses every body that begins with `<` as a document, which would eat objects
        // that happen to be XML or HTML.
        let mut parsed = parse_request(
            protocol,
            method,
            uri,
            headers,
            &Bytes::new(),
            &service.routes,
        )?;
        if DATA_BODIES.contains(&parsed.operation.as_str()) {
            if let Value::Object(input) = &mut parsed.input {
                input.insert(
                    "__raw_body".to_owned(),
                    Value::String(STANDARD.encode(body)),
                );
            }
            return Ok(parsed);
        }
    }
    parse_request(protocol, method, uri, headers, body, &service.routes)
}

/// `bucket.localhost:port/key` as `/bucket/key`; other addresses as they are.
pub(super) fn path_style(uri: &Uri, headers: &HeaderMap) -> Option<Uri> {
    let host = headers.get(http::header::HOST)?.to_str().ok()?;
    let name = host.split(':').next()?;
    let bucket = name
        .strip_suffix(".localhost")
        .or_else(|| name.strip_suffix(".s3.localhost"))?;
    let rest = uri
        .path_and_query()
        .map_or("/", http::uri::PathAndQuery::as_str);
    format!("/{bucket}{rest}").parse().ok()
}
