//! What a set-up would do, and the form that starts it.

use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::records::{SetupChange, SetupChangeKind, SetupPreview};

use crate::{
    components::{
        Badge, CheckList, Column, Copyable, Disclosure, ErrorNotice, FormError, Notice, PostForm,
        Table, Tone, load_or,
    },
    format::{bytes, counted},
    server_fns::records::{SetupQuery, StartSetup, preview_setup},
};

/// The preview of the answers in the address.
pub(super) fn preview(query: &SetupQuery) -> impl IntoView + use<> {
    let text = query.query().as_str().to_owned();
    let preview = Resource::new_blocking(
        {
            let text = text.clone();
            move || text.clone()
        },
        preview_setup,
    );
    let text = StoredValue::new(text);
    load_or(
        preview,
        move |preview| text.with_value(|text| show(&preview, text)),
        |error| view! { <ErrorNotice error/> }.into_any(),
    )
}

fn show(preview: &SetupPreview, text: &str) -> AnyView {
    let size = match (preview.items, preview.bytes) {
        (Some(items), Some(size)) => {
            let text = format!(
                "The table has about {}, {}; the first copy reads it once.",
                counted(items, "record", "records"),
                bytes(size)
            );
            view! { <p class="muted">{text}</p> }.into_any()
        }
        _ => ().into_any(),
    };
    let changes = preview.changes.iter().cloned().map(change).collect_view();
    let policy = preview.bucket_policy.clone().map(|policy| {
        view! {
            <Disclosure summary="The bucket's policy as it will be">
                <Copyable text=policy label="bucket policy" block=true/>
            </Disclosure>
        }
    });
    let start = if preview.can_start() {
        form(preview, text).into_any()
    } else {
        view! {
            <Notice tone=Tone::Warn title="A check forbids the start">
                <p>"Fix what it names, or change the answers below."</p>
            </Notice>
        }
        .into_any()
    };
    let (checks, policy_of_session) = (preview.checks.clone(), preview.session_policy.clone());
    view! {
        <p class="review">{preview.summary.clone()}</p>
        {size}
        <section aria-labelledby="changes-title">
            <h2 id="changes-title">"What would be done"</h2>
            <Table
                label="What would be done"
                columns=vec![Column::text("What"), Column::text("Changes"), Column::text("How")]
            >
                {changes}
            </Table>
        </section>
        <section aria-labelledby="checks-title">
            <h2 id="checks-title">"Checks"</h2>
            <CheckList checks=checks/>
        </section>
        {policy}
        <Disclosure summary="What the run may do">
            <Copyable text=policy_of_session label="session policy" block=true/>
        </Disclosure>
        {start}
    }
    .into_any()
}

fn change(change: SetupChange) -> impl IntoView {
    let (tone, word) = match change.kind {
        SetupChangeKind::Already => (Tone::Good, "is so already"),
        SetupChangeKind::Change => (Tone::Neutral, "will be done"),
        SetupChangeKind::Left => (Tone::Bad, "is left as it is"),
    };
    view! {
        <tr>
            <th scope="row" class="nowrap">{change.name}</th>
            <td class="nowrap"><Badge tone=tone text=word/></td>
            <td class="cell-wide">{change.detail}</td>
        </tr>
    }
}

fn form(preview: &SetupPreview, text: &str) -> impl IntoView + use<> {
    let (text, digest) = (text.to_owned(), preview.digest.clone());
    view! {
        <section aria-labelledby="start-title">
            <h2 id="start-title">"Start"</h2>
            <FormError action=StartSetup::PATH/>
            <PostForm action=StartSetup::PATH class="form">
                <input type="hidden" name="query" value=text/>
                <input type="hidden" name="digest" value=digest/>
                <div class="form-actions"><button class="button button-primary">"Start the set-up"</button></div>
                <p class="field-hint">"It becomes a run: you can close the page, it goes on by itself."</p>
            </PostForm>
        </section>
    }
}
