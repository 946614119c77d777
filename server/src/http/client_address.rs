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

/// Nobody's address, and no loopback address.
const UNKNOWN: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// The peer's address, or the one that a trusted proxy names; among the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Works the address out.
pub(crate) async fn find(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(UNKNOWN, |info| info.0.ip().to_canonical());
    let address = if web.settings.behind_proxy {
        // The peer is the proxy. Taken for whoever it speaks for, it would open what is for this
        // machine only, and make one person of all.
        forwarded(request.headers()).unwrap_or(UNKNOWN)
    } else {
        peer
    };
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

/// The last entry is the one that our own proxy wrote; those before it may be invented.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all(FORWARDED_FOR).iter().next_back()?;
    parse(last.to_str().ok()?.rsplit(',').next()?.trim())
}

/// An address as proxies write it: alone, with a port, in brackets.
fn parse(text: &str) -> Option<IpAddr> {
    let alone = text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    alone
        .or_else(with_port)
        .or_else(in_brackets)
        .map(|address: IpAddr| address.to_canonical())
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

    #[test]
    fn a_port_and_brackets_are_understood_and_nonsense_is_nobody() {
        let from = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.append(FORWARDED_FOR, text.parse().unwrap());
            forwarded(&headers)
        };
        assert_eq!(from("203.0.113.9:4711"), Some([203, 0, 113, 9].into()));
        assert_eq!(
            from("10.0.0.1, [2001:db8::1]:4711"),
            "2001:db8::1".parse().ok()
        );
        assert_eq!(from("[2001:db8::1]"), "2001:db8::1".parse().ok());
        assert_eq!(from("::ffff:203.0.113.9"), Some([203, 0, 113, 9].into()));
        assert_eq!(from("unknown"), None);
        assert!(!UNKNOWN.is_loopback());
    }
}
