//! `POST /browser/panics`: what a page says of itself after it panicked in a browser and was loaded again.
//!
//! Whoever is signed in can send anything here, so little of it is believed: each kind is logged once an hour, a person
//! sends a few a minute, and what may name people, accounts or records is left out.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::{Extension, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::Deserialize;
use tidemark_app::ssr::Visitor;

use super::{Problem, Web, extract::Body};
use crate::names;

/// How long one kind of panic is not logged again.
const QUIET: Duration = Duration::from_hours(1);
/// How many kinds are told apart in that time.
const KINDS: usize = 100;
/// How many a person's pages may report in a minute.
const PER_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(5);
/// Characters of a message that are logged.
const HEAD: usize = 240;
/// How many people are remembered before those who have been quiet are forgotten.
const PEOPLE: usize = 1000;

/// The panics that were reported of late.
#[derive(Clone)]
pub(crate) struct Panics {
    rates: Arc<DefaultKeyedRateLimiter<String>>,
    logged: Arc<Mutex<HashMap<(String, String), Instant>>>,
}

/// What a page says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Report {
    /// The page's name, as its head says.
    page: String,
    /// The panic's place and message.
    message: String,
}

/// Takes a report.
pub(crate) async fn report(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(report): Body<Report>,
) -> Response {
    if !web.panics.admits(&visitor.caller.name) {
        metrics::counter!(names::REFUSED, "reason" => "rate").increment(1);
        return Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            "Too many requests",
            "Your pages have reported several panics within a minute; no more are taken for now.",
        )
        .into_response();
    }
    metrics::counter!(names::BROWSER_PANICS).increment(1);
    let (page, message) = (page_of(&report.page), head_of(&report.message));
    if web.panics.is_new(&page, &message, Instant::now()) {
        tracing::error!(page, message, "A page panicked in a browser");
    }
    StatusCode::NO_CONTENT.into_response()
}

impl Panics {
    pub(crate) fn new() -> Self {
        Self {
            rates: Arc::new(RateLimiter::keyed(Quota::per_minute(PER_MINUTE))),
            logged: Arc::default(),
        }
    }

    fn admits(&self, person: &str) -> bool {
        if self.rates.len() > PEOPLE {
            self.rates.retain_recent();
        }
        self.rates.check_key(&person.to_owned()).is_ok()
    }

    /// Whether this kind was not logged within the last hour, in which case it counts as logged now.
    fn is_new(&self, page: &str, message: &str, now: Instant) -> bool {
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        logged.retain(|_, at| now.duration_since(*at) < QUIET);
        let kind = (page.to_owned(), message.to_owned());
        if logged.contains_key(&kind) || logged.len() >= KINDS {
            return false;
        }
        logged.insert(kind, now);
        true
    }
}

/// The page's name, if it can be one.
fn page_of(text: &str) -> String {
    let is_name = text.len() <= 40 && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if is_name { text } else { "" }.to_owned()
}

/// The beginning of a panic's message on one line, without what was quoted in it, without ARNs and without long numbers.
fn head_of(message: &str) -> String {
    let mut quoted = false;
    let plain: String = message
        .chars()
        .filter_map(|c| match c {
            '"' => {
                quoted = !quoted;
                quoted.then_some('…')
            }
            _ if quoted => None,
            c if c.is_control() => Some(' '),
            c => Some(c),
        })
        .collect();
    let words = plain.split_whitespace().map(|word| {
        let digits = word.split(|c: char| !c.is_ascii_digit());
        let has_long_number = digits.map(str::len).max() >= Some(6);
        if word.contains("arn:") || has_long_number {
            "…"
        } else {
            word
        }
    });
    words
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(HEAD)
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_kind_is_logged_once_an_hour_and_only_so_many_kinds_are() {
        let panics = Panics::new();
        let start = Instant::now();
        assert!(panics.is_new("timeline", "disposed", start));
        assert!(!panics.is_new("timeline", "disposed", start));
        assert!(panics.is_new("restore", "disposed", start));
        for n in 0..2 * KINDS {
            panics.is_new("timeline", &n.to_string(), start);
        }
        assert_eq!(panics.logged.lock().unwrap().len(), KINDS);
        assert!(!panics.is_new("timeline", "another", start));
        assert!(panics.is_new("timeline", "disposed", start + QUIET));
    }

    #[test]
    fn a_persons_pages_report_a_few_a_minute() {
        let panics = Panics::new();
        let taken = (0..20).filter(|_| panics.admits("anna")).count();
        assert_eq!(taken, 6);
        assert!(panics.admits("ben"));
    }

    #[test]
    fn a_message_names_its_place_and_nobody() {
        assert_eq!(
            head_of(
                "panicked at app/src/pages/timeline/section.rs:127:34:\nAt a, you tried to access a value"
            ),
            "panicked at app/src/pages/timeline/section.rs:127:34: At a, you tried to access a value"
        );
        assert_eq!(
            head_of(
                "called `unwrap()` on \"anna@example.com\": in 111122223333 of arn:aws:x:y\u{7}"
            ),
            "called `unwrap()` on …: in … of …"
        );
        assert_eq!(head_of("never closed \"secret"), "never closed …");
        assert_eq!(head_of(&"long ".repeat(500)).chars().count(), HEAD);
    }

    #[test]
    fn a_page_is_a_name_or_nothing() {
        assert_eq!(page_of("plan_edit"), "plan_edit");
        assert_eq!(page_of("/records/record?key=a"), "");
    }
}
