use http::{HeaderMap, Uri};

/// What the signature of a request says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) access_key: String,
    pub(crate) region: String,
    pub(crate) service: String,
    pub(crate) session_token: Option<String>,
}

/// Reads the credential scope from the `Authorization` header or from a presigned URL.
pub(crate) fn scope_of(headers: &HeaderMap, uri: &Uri) -> Option<Scope> {
    if let Some(credentials) = headers
        .get(http::header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(awsim_core::auth::parse_authorization)
    {
        return Some(Scope {
            access_key: credentials.access_key,
            region: credentials.region,
            service: credentials.service,
            session_token: headers
                .get("x-amz-security-token")
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
        });
    }
    let query: Vec<(String, String)> = url_pairs(uri.query()?);
    let find = |name: &str| {
        query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    };
    let credential = find("X-Amz-Credential")?;
    let mut parts = credential.split('/');
    let access_key = parts.next()?.to_owned();
    let _date = parts.next()?;
    let region = parts.next()?.to_owned();
    let service = parts.next()?.to_owned();
    Some(Scope {
        access_key,
        region,
        service,
        session_token: find("X-Amz-Security-Token"),
    })
}

/// Decoded pairs of a query string.
pub(super) fn url_pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        })
        .collect()
}

fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(&text.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_scope_of_a_presigned_url_is_read_from_its_query() {
        let uri: Uri = "http://h/b/k?X-Amz-Credential=ASIA1%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Security-Token=a%2Bb"
            .parse()
            .unwrap();
        let scope = scope_of(&HeaderMap::new(), &uri).unwrap();
        assert_eq!(
            scope,
            Scope {
                access_key: "ASIA1".into(),
                region: "eu-west-1".into(),
                service: "s3".into(),
                session_token: Some("a+b".into()),
            }
        );
    }
}
