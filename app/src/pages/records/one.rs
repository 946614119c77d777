use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{
    Privilege,
    records::{CaptureMode, CaptureState, CaptureView, GapBounds, ProofDetail},
};

use super::{capture_badge, troubles};
use crate::{
    components::{
        AccountLabel, Column, Copyable, Crumb, Disclosure, Empty, FormError, Moment, Notice,
        PageHead, PostForm, RecordKey, Style, Table, Tone, load, load_page,
    },
    format::{bytes, count, counted},
    pages::{resources::resource_href, runs::runs_of, search},
    query::pairs,
    server_fns::records::{
        CompareQuery, ForgetCapture, ProveCapture, RecordQuery, SetCaptureMode, get_capture,
        get_proof,
    },
    use_session,
    wizard::{Step, Wizard},
};

/// One captured table: how far back one can look, whether that is proved, what is missing.
#[component]
pub(crate) fn CapturePage() -> impl IntoView {
    let search = search();
    let capture = Resource::new_blocking(move || id_of(&search.get()), get_capture);
    load_page(capture, |view| show(view).into_any())
}

/// The id of the capture that an address names.
pub(super) fn id_of(query: &str) -> String {
    pairs(query)
        .into_iter()
        .find(|(name, _)| name == "capture")
        .map(|(_, id)| id)
        .unwrap_or_default()
}

fn show(view: CaptureView) -> impl IntoView {
    let session = use_session();
    let reads = session.may(Privilege::ReadRecords);
    let manages = session.may(Privilege::ManageRecords);
    let id = view.capture.id.clone();
    let readable = reads && !view.status.windows().is_empty();
    let compare = readable.then(|| {
        let query = CompareQuery {
            capture: id.clone(),
            ..CompareQuery::default()
        };
        view! { <a class="button button-primary" href=query.href()>"Compare"</a> }
    });
    let find = reads.then(|| {
        let query = RecordQuery {
            capture: id.clone(),
            ..RecordQuery::default()
        };
        view! { <a class="button" href=query.href()>"Find records"</a> }
    });
    let restore = session
        .may(Privilege::Restore)
        .then(|| view.status.newest_window())
        .flatten()
        .map(|window| {
            let wizard = Wizard::of(&view.capture.table).from_records(&id, window.latest);
            view! { <a class="button" href=wizard.at(Step::When).href()>"Restore"</a> }
        });
    let prove = (manages && view.capture.mode != CaptureMode::Off).then(|| {
        view! {
            <PostForm action=ProveCapture::PATH>
                <input type="hidden" name="capture" value=id.clone()/>
                <button class="button">"Prove now"</button>
            </PostForm>
        }
    });
    let arn = view.capture.table.clone();
    let proof = reads.then(|| proof_section(&view));
    let controls = manages.then(|| controls(&view));
    view! {
        <PageHead
            title=view.capture.table_name().to_owned()
            crumbs=vec![Crumb::new("Records", "/records")]
        >
            {compare}{find}{restore}{prove}
        </PageHead>
        <FormError action=ProveCapture::PATH/>
        <FormError action=SetCaptureMode::PATH/>
        <FormError action=ForgetCapture::PATH/>
        {trouble(&view)}
        {reach(&view)}
        {facts(&view)}
        {proof}
        {gaps(view.status.gaps.clone())}
        <section aria-labelledby="runs-title">
            <h2 id="runs-title">"Runs"</h2>
            {runs_of(&arn)}
        </section>
        {controls}
    }
}

/// What keeps changes from being stored.
fn trouble(view: &CaptureView) -> AnyView {
    let Some(error) = view.status.last_error.clone() else {
        return ().into_any();
    };
    view! {
        <Notice tone=Tone::Bad title="Changes are not being stored">
            <p>{error.message}</p>
            <p>"Since " <Moment at=error.at style=Style::Both/> ". DynamoDB keeps a stream for 24 hours: what is not stored by then is lost."</p>
        </Notice>
    }
    .into_any()
}

/// The first thing that a person in a hurry looks for.
fn reach(view: &CaptureView) -> impl IntoView + use<> {
    let status = &view.status;
    let text = match (status.complete_from, status.windows()) {
        (complete, windows) if !windows.is_empty() => {
            let last = windows.len() - 1;
            let windows = windows
                .into_iter()
                .enumerate()
                .map(|(place, window)| {
                    let start = if place == 0 { "Every second from " } else { "and from " };
                    let end = if place == last { "" } else { "," };
                    view! {
                        <p class="reach-main">
                            {start} <Moment at=window.earliest style=Style::Exact/> " to "
                            <Moment at=window.latest style=Style::Exact/> {end}
                        </p>
                    }
                })
                .collect_view();
            let since = complete.is_none().then(|| view! {
                <p>"What came after the last gap can be restored once the table was copied again."</p>
            });
            view! {
                {windows}
                <p>"can be looked at and compared, undone one by one, or restored as a table of its own."</p>
                {since}
            }
            .into_any()
        }
        (Some(from), _) => view! {
            <p class="reach-main">"Complete since " <Moment at=from style=Style::Exact/></p>
            <p>"The stream has told nothing since; in less than a minute every second can be restored."</p>
        }
        .into_any(),
        (None, _) => view! {
            <p class="reach-main">"The first copy of the table is not whole yet"</p>
            <p>"Until it is, a record that is missing says nothing."</p>
        }
        .into_any(),
    };
    let tone = match view.state {
        CaptureState::Capturing => Tone::Good,
        _ => Tone::Warn,
    };
    view! {
        <div class="reach" data-tone=tone.as_str()>
            <div>{text}</div>
            {capture_badge(view.state)}
        </div>
    }
}

fn facts(view: &CaptureView) -> impl IntoView + use<> {
    let (capture, status) = (&view.capture, &view.status);
    let account = capture.account.to_string();
    let account_page = format!("/accounts/{account}");
    let place = if capture.prefix.is_empty() {
        format!("s3://{}/", capture.bucket)
    } else {
        format!("s3://{}/{}/", capture.bucket, capture.prefix)
    };
    let reader = match capture.mode {
        CaptureMode::Embedded => "The console's own workers",
        CaptureMode::Function => "A Lambda function in the table's account",
        CaptureMode::Off => "Nobody: what was stored stays",
    };
    let stored = format!(
        "{} in {}, {}",
        counted(status.changes, "change", "changes"),
        counted(status.segments + status.runs, "segment", "segments"),
        bytes(status.bytes)
    );
    let quarantined = (status.quarantined > 0).then(|| {
        view! {
            <dt>"Put aside"</dt>
            <dd>{counted(status.quarantined, "change", "changes")} " that could not be understood; their text is kept."</dd>
        }
    });
    view! {
        <dl class="facts">
            <dt>"Table"</dt>
            <dd><a href=resource_href(&capture.table)>{capture.table.to_string()}</a></dd>
            <dt>"Account"</dt>
            <dd><a href=account_page><AccountLabel alias=view.alias.clone() id=account/></a> " " {capture.region.to_string()}</dd>
            <dt>"Location"</dt><dd><Copyable text=place label="place in S3"/></dd>
            <dt>"Read by"</dt><dd>{reader}</dd>
            <dt>"Stored"</dt><dd>{stored}</dd>
            {quarantined}
            <dt>"Set up"</dt>
            <dd><Moment at=capture.created_at style=Style::Both/> " by " {capture.created_by.clone()}</dd>
        </dl>
    }
}

fn proof_section(view: &CaptureView) -> impl IntoView + use<> {
    let id = view.capture.id.clone();
    let proof = Resource::new_blocking(move || id.clone(), get_proof);
    view! {
        <section aria-labelledby="proof-title">
            <h2 id="proof-title">"Proof"</h2>
            {load(proof, proof_of)}
        </section>
    }
}

fn proof_of(proof: Option<ProofDetail>) -> AnyView {
    let Some(proof) = proof else {
        return view! {
            <Empty title="Nothing is proved yet">
                <p>"A proof reads the whole table and the whole backup and compares each record."</p>
            </Empty>
        }
        .into_any();
    };
    let title = if proof.complete {
        "Complete: table and backup agree"
    } else {
        "Not complete"
    };
    let tone = if proof.complete {
        Tone::Good
    } else {
        Tone::Bad
    };
    let settled = (proof.settled > 0).then(|| {
        let text = counted(proof.settled, "record", "records");
        view! { <p>{text} " changed while it was made, and agreed after another look."</p> }
    });
    let differences = differences(&proof);
    view! {
        <Notice tone=tone title=title>
            <p>
                "As of " <Moment at=proof.as_of style=Style::Both/> ": "
                {counted(proof.table_items, "record", "records")} " in the table, "
                {count(proof.backup_items)} " in the backup."
            </p>
            {settled}
        </Notice>
        {differences}
        {troubles(proof.troubles)}
        <Disclosure summary="Digest">
            <p>"SHA-256 over all records of the table, whatever their order:"</p>
            <p><Copyable text=proof.digest label="digest"/></p>
        </Disclosure>
    }
    .into_any()
}

fn differences(proof: &ProofDetail) -> AnyView {
    if proof.differences.is_empty() {
        return ().into_any();
    }
    let rows = proof
        .differences
        .iter()
        .cloned()
        .map(|difference| {
            view! {
                <tr>
                    <td class="cell-name"><RecordKey key=difference.key/></td>
                    <td>{difference.what}</td>
                </tr>
            }
        })
        .collect_view();
    let more = proof
        .differences_total
        .saturating_sub(proof.differences.len() as u64);
    let more = (more > 0)
        .then(|| view! { <p class="field-hint">{format!("and {} more", count(more))}</p> });
    view! {
        <Table
            label="Records that table and backup do not agree on"
            columns=vec![Column::text("Record"), Column::text("What")]
        >
            {rows}
        </Table>
        {more}
    }
    .into_any()
}

fn gaps(gaps: Vec<GapBounds>) -> AnyView {
    if gaps.is_empty() {
        return ().into_any();
    }
    let rows = gaps
        .into_iter()
        .map(|gap| {
            view! {
                <tr>
                    <td><Moment at=gap.from style=Style::Exact/></td>
                    <td><Moment at=gap.until style=Style::Exact/></td>
                    <td><Moment at=gap.noticed_at style=Style::Both/></td>
                    <td class="cell-wide"><code>{gap.shard}</code></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="gaps-title">
            <h2 id="gaps-title">"Gaps"</h2>
            <p class="muted">"The stream forgot changes of these times before they were read. What records became afterwards is known again; what they were in between is lost."</p>
            <Table
                label="Gaps"
                columns=vec![
                    Column::text("From"),
                    Column::text("To"),
                    Column::text("Noticed"),
                    Column::text("Shard"),
                ]
            >
                {rows}
            </Table>
        </section>
    }
    .into_any()
}

fn controls(view: &CaptureView) -> impl IntoView + use<> {
    let id = view.capture.id.clone();
    if view.capture.mode == CaptureMode::Off {
        let on = id.clone();
        return view! {
            <Disclosure summary="Turn on again, or forget">
                <p>"What happened while it was off is lost where the stream has forgotten it; that shows as a gap."</p>
                <PostForm action=SetCaptureMode::PATH class="form">
                    <input type="hidden" name="capture" value=on/>
                    <input type="hidden" name="mode" value="embedded"/>
                    <div class="form-actions"><button class="button">"Turn on again"</button></div>
                </PostForm>
                <p>"Forgetting takes it off this list. Nothing in the bucket is deleted."</p>
                <PostForm action=ForgetCapture::PATH class="form">
                    <input type="hidden" name="capture" value=id/>
                    <div class="form-actions"><button class="button button-danger">"Forget it"</button></div>
                </PostForm>
            </Disclosure>
        }
        .into_any();
    }
    view! {
        <Disclosure summary="Turn off">
            <p>"Changes are no longer stored. What was stored stays in the bucket and can be read as before."</p>
            <PostForm action=SetCaptureMode::PATH class="form">
                <input type="hidden" name="capture" value=id/>
                <input type="hidden" name="mode" value="off"/>
                <div class="form-actions"><button class="button button-danger">"Turn off"</button></div>
            </PostForm>
        </Disclosure>
    }
    .into_any()
}
