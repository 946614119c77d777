use leptos::prelude::*;

use super::{CheckList, Copyable, Tone};
use crate::{
    error::{AppError, ErrorKind},
    query::link,
};

/// Something to know before going on.
#[component]
pub(crate) fn Notice(
    /// What it means.
    tone: Tone,
    /// The heading.
    #[prop(into)]
    title: Oco<'static, str>,
    children: Children,
) -> impl IntoView {
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    view! {
        <div class="notice" data-tone=tone.as_str() role=role>
            <p class="notice-title">{title}</p>
            {children()}
        </div>
    }
}

/// What failed, why, what to do, and what to quote: never a bare "error".
#[component]
pub(crate) fn ErrorNotice(
    /// What went wrong.
    error: AppError,
) -> impl IntoView {
    if error.kind == ErrorKind::Unauthenticated {
        go_to_sign_in();
    }
    let title = error.kind.title();
    let guidance = (!error.guidance.is_empty()).then(|| view! { <p>{error.guidance}</p> });
    let more = match error.kind {
        ErrorKind::Checks { checks } => view! { <CheckList checks/> }.into_any(),
        ErrorKind::Cloud {
            operation,
            code,
            request_id,
        } => view! {
            <dl class="facts">
                <dt>"Call"</dt><dd><code>{operation}</code></dd>
                {code.map(|code| view! { <dt>"AWS code"</dt><dd><code>{code}</code></dd> })}
                {request_id.map(|id| view! {
                    <dt>"Request id"</dt><dd><Copyable text=id label="request id"/></dd>
                })}
            </dl>
        }
        .into_any(),
        ErrorKind::Unauthenticated => view! {
            <p><a href="/sign-in">"Sign in"</a></p>
        }
        .into_any(),
        _ => ().into_any(),
    };
    let correlation = (!error.correlation.is_empty()).then(|| {
        view! {
            <p class="notice-correlation">
                "In the console's log this is " <Copyable text=error.correlation label="correlation id"/>
            </p>
        }
    });
    view! {
        <Notice tone=Tone::Bad title=title>
            <p>{error.message}</p>
            {guidance}
            {more}
            {correlation}
        </Notice>
    }
}

/// A session that ended under a hydrated page: sign in, then come back here.
fn go_to_sign_in() {
    Effect::new(move |_| {
        let location = window().location();
        let page = format!(
            "{}{}",
            location.pathname().unwrap_or_default(),
            location.search().unwrap_or_default()
        );
        if !page.starts_with("/sign-in") {
            drop(location.set_href(&link("/sign-in", "next", &page)));
        }
    });
}
