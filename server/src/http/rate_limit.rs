//! Requests per peer address: few sign-ins, generously many of everything else.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

use super::{Web, client_address::ClientAddress, endpoints, problem::Problem};
use crate::{config::Limits, names};

/// The two limiters.
#[derive(Clone)]
pub(crate) struct RateLimits {
    sign_in: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    any: Arc<DefaultKeyedRateLimiter<IpAddr>>,
}

impl RateLimits {
    pub(crate) fn new(limits: &Limits) -> Self {
        let at_least_one = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        let every = Duration::from_secs(limits.sign_in_every_seconds.max(1));
        let sign_in = Quota::with_period(every)
            .unwrap_or_else(|| Quota::per_minute(NonZeroU32::MIN))
            .allow_burst(at_least_one(limits.sign_in_burst));
        let any = Quota::per_second(at_least_one(limits.request_per_second))
            .allow_burst(at_least_one(limits.request_burst));
        Self {
            sign_in: Arc::new(RateLimiter::keyed(sign_in)),
            any: Arc::new(RateLimiter::keyed(any)),
        }
    }

    /// Forgets addresses that have been quiet, so that many addresses do not fill the memory.
    pub(crate) fn forget_quiet(&self) {
        self.sign_in.retain_recent();
        self.any.retain_recent();
    }
}

/// Refuses a peer that asks too often.
pub(crate) async fn limit(State(web): State<Web>, request: Request, next: Next) -> Response {
    let Some(ClientAddress(address)) = request.extensions().get().copied() else {
        return next.run(request).await;
    };
    let key = key_of(address);
    let is_sign_in =
        request.method() == Method::POST && endpoints::is_sign_in(request.uri().path());
    let limiter = if is_sign_in {
        &web.rates.sign_in
    } else {
        &web.rates.any
    };
    let Err(refused) = limiter.check_key(&key) else {
        return next.run(request).await;
    };
    metrics::counter!(names::REFUSED, "reason" => "rate").increment(1);
    let wait = refused
        .wait_time_from(DefaultClock::default().now())
        .as_secs()
        + 1;
    let mut response = Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too_many_requests",
        "Too many requests",
        format!("Too many requests came from your address. Try again in {wait} s."),
    )
    .into_response();
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(wait));
    response
}

/// One IPv6 customer holds a whole /64, so that is what counts as one address.
pub(super) fn key_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            if let Some(v4) = v6.to_ipv4_mapped() {
                IpAddr::V4(v4)
            } else {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn addresses_of_one_ipv6_network_count_as_one() {
        let key = |text: &str| key_of(text.parse().unwrap());
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    }
}
