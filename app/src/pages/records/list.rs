use leptos::prelude::*;
use tidemark_domain::{
    Privilege,
    records::{CaptureState, CaptureView, ProofSummary},
};

use crate::{
    components::{AccountLabel, Badge, Column, Empty, Moment, PageHead, Style, Table, Tone, load},
    format::{count, counted},
    server_fns::records::{capture_href, list_captures},
    use_session,
};

/// Tables whose changes are kept record by record.
#[component]
pub(crate) fn CapturesPage() -> impl IntoView {
    let captures = Resource::new_blocking(|| (), |()| list_captures());
    view! {
        <PageHead title="Records"/>
        <p class="lead">"Every change of every record of these tables is kept: one record's history, what differs between two moments, and undoing just that."</p>
        {load(captures, show)}
    }
}

fn show(captures: Vec<CaptureView>) -> AnyView {
    if captures.is_empty() {
        return nothing();
    }
    let rows = captures.into_iter().map(row).collect_view();
    view! {
        <Table
            label="Captured tables"
            columns=vec![
                Column::text("Table"),
                Column::text("State"),
                Column::text("Every second since"),
                Column::text("Stored up to"),
                Column::text("Last proof"),
                Column::number("Changes"),
                Column::text("Account"),
                Column::text("Region"),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn nothing() -> AnyView {
    let manages = use_session().may(Privilege::ManageRecords);
    let next = if manages {
        view! {
            <p>"Open a DynamoDB table and choose “Keep every change”."</p>
            <p><a class="button button-primary" href="/resources?kind=DynamoDB">"Choose a table"</a></p>
        }
        .into_any()
    } else {
        view! { <p>"An operator or an admin can set it up for a table."</p> }.into_any()
    };
    view! { <Empty title="No table has record-level backup yet">{next}</Empty> }.into_any()
}

fn row(view: CaptureView) -> impl IntoView {
    let CaptureView {
        capture,
        alias,
        status,
        state,
    } = view;
    let moment = |at: Option<jiff::Timestamp>| match at {
        Some(at) => view! { <Moment at/> }.into_any(),
        None => view! { <span class="muted">"not yet"</span> }.into_any(),
    };
    let gaps = (!status.gaps.is_empty()).then(|| {
        let text = counted(status.gaps.len() as u64, "gap", "gaps");
        view! { <Badge tone=Tone::Bad text=text/> }
    });
    let error = status
        .last_error
        .map(|error| view! { <p class="cell-note">{error.message}</p> });
    let place = if capture.prefix.is_empty() {
        capture.bucket.clone()
    } else {
        format!("{}/{}", capture.bucket, capture.prefix)
    };
    view! {
        <tr>
            <td class="cell-name">
                <a class="row-link" href=capture_href(&capture.id)>{capture.table_name().to_owned()}</a>
                <p class="cell-note">{place}</p>
            </td>
            <td>{capture_badge(state)} " " {gaps} {error}</td>
            <td>{moment(status.complete_from)}</td>
            <td>{moment(status.read_until)}</td>
            <td>{proof(status.last_proof)}</td>
            <td class="numeric">{count(status.changes)}</td>
            <td><AccountLabel alias id=capture.account.as_str()/></td>
            <td>{capture.region.to_string()}</td>
        </tr>
    }
}

fn proof(proof: Option<ProofSummary>) -> AnyView {
    match proof {
        Some(proof) if proof.complete => {
            view! { <Badge tone=Tone::Good text="complete"/> " " <Moment at=proof.as_of style=Style::Relative/> }
                .into_any()
        }
        Some(proof) => {
            let text = counted(proof.differences, "difference", "differences");
            view! { <Badge tone=Tone::Bad text=text/> " " <Moment at=proof.as_of/> }.into_any()
        }
        None => view! { <span class="muted">"none"</span> }.into_any(),
    }
}

/// How a capture stands, in a word.
pub(crate) fn capture_badge(state: CaptureState) -> AnyView {
    let tone = match state {
        CaptureState::Capturing => Tone::Good,
        CaptureState::SettingUp => Tone::Busy,
        CaptureState::Behind => Tone::Warn,
        CaptureState::Failing => Tone::Bad,
        CaptureState::Off => Tone::Neutral,
    };
    view! { <Badge tone=tone text=state.as_str()/> }.into_any()
}
