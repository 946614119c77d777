//! How a posted form ended, as the page that shows the form again sees it.
//!
//! Forms are plain HTML posts to server functions, with or without JavaScript. One that succeeds
//! and goes elsewhere redirects. One that fails, or whose result may be shown only once, is answered
//! with its own page again: with the right status, the result, and what was entered.

use leptos::prelude::*;
use leptos_router::hooks::use_url;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::error::AppError;

/// A posted form and its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormOutcome {
    /// The server function that it was posted to.
    pub path: String,
    /// What was entered, but for passwords.
    pub fields: Vec<(String, String)>,
    /// The result as JSON, or why it failed.
    pub result: Result<String, AppError>,
    /// The page that shows the form.
    pub page: String,
}

/// The outcome that this page shows, if any; provided by the root of the app.
#[derive(Clone, Copy)]
pub(crate) struct Outcome(pub StoredValue<Option<FormOutcome>>);

fn with<T>(path: &str, read: impl FnOnce(&FormOutcome) -> Option<T>) -> Option<T> {
    let page = current_page();
    use_context::<Outcome>()?.0.with_value(|outcome| {
        outcome
            .as_ref()
            // Whoever has gone elsewhere meanwhile has done with it.
            .filter(|outcome| outcome.path == path && outcome.page == untrack(page))
            .and_then(read)
    })
}

/// The address of the page as forms send it along: path and query.
pub(crate) fn current_page() -> impl Fn() -> String + Send + Sync + Copy + 'static {
    let url = use_url();
    move || {
        url.with(|url| match url.search() {
            "" => url.path().to_owned(),
            search => format!("{}?{search}", url.path()),
        })
    }
}

/// Forgets the outcome once the person is on another page: what is shown once is not there when they come back.
pub(crate) fn forget_elsewhere() {
    let page = current_page();
    let Some(Outcome(outcome)) = use_context() else {
        return;
    };
    Effect::new(move |_| {
        let page = page();
        outcome.update_value(|outcome| {
            if outcome.as_ref().is_some_and(|outcome| outcome.page != page) {
                *outcome = None;
            }
        });
    });
}

/// Why the form that posts to `path` failed, if it did.
pub(crate) fn failure(path: &str) -> Option<AppError> {
    with(path, |outcome| outcome.result.as_ref().err().cloned())
}

/// What the form that posts to `path` answered, if it did.
pub(crate) fn success<T: DeserializeOwned>(path: &str) -> Option<T> {
    with(path, |outcome| {
        serde_json::from_str(outcome.result.as_ref().ok()?).ok()
    })
}

/// What was entered into a field of the form that posts to `path`; empty when nothing was.
pub(crate) fn entered(path: &str, field: &str) -> String {
    with(path, |outcome| {
        let field = outcome.fields.iter().find(|(name, _)| name == field)?;
        Some(field.1.clone())
    })
    .unwrap_or_default()
}

/// Everything that was entered into the form that posts to `path`; none when it was not posted.
pub(crate) fn all_entered(path: &str) -> Option<Vec<(String, String)>> {
    with(path, |outcome| Some(outcome.fields.clone()))
}
