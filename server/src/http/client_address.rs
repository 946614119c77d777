//! The address that a request comes from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};

use super::Web;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The peer's address, or the one that a trusted proxy names; among the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Works the address out.
pub(crate) async fn find(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
    let address = if web.settings.behind_proxy {
        forwarded(request.headers()).unwrap_or(peer)
    } else {
        peer
    };
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

/// The last entry is the one that our own proxy wrote; those before it may be invented.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    headers
        .get_all(FORWARDED_FOR)
        .iter()
        .next_back()?
        .to_str()
        .ok()?
        .rsplit(',')
        .next()?
        .trim()
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn an_invented_entry_before_the_proxys_own_is_ignored() {
        let mut headers = HeaderMap::new();
        headers.append(FORWARDED_FOR, "10.0.0.1, 203.0.113.9".parse().unwrap());
        assert_eq!(forwarded(&headers), Some([203, 0, 113, 9].into()));
        headers.append(FORWARDED_FOR, "198.51.100.7".parse().unwrap());
        assert_eq!(forwarded(&headers), Some([198, 51, 100, 7].into()));
    }
}
