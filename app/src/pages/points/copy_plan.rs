//! The plan of copies of recovery points, and the form that starts them.

use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{
    change::ChangeTarget,
    copies::{CopyFinding, CopyLevel, CopyPlan, CopyProblem},
};

use super::point_href;
use crate::{
    components::{
        AccountLabel, Column, Disclosure, Empty, FormError, Notice, PostForm, Table, TextArea, Tone,
    },
    format::{bytes, count, counted},
    outcome::{entered, failure},
    server_fns::points::{CopyPoints, PointsCopyQuery},
};

/// What will be copied, what stands in the way, and the start.
pub(super) fn plan_section(
    plan: CopyPlan,
    query: &PointsCopyQuery,
    text: &str,
) -> impl IntoView + use<> {
    let start = if plan.points == 0 {
        let back = query.filter.on("/points");
        view! {
            <Empty title="There is nothing to do">
                <p>"None of these points can be copied there as things are; the reasons are above."</p>
                <p><a class="button" href=back>"Back to the list"</a></p>
            </Empty>
        }
        .into_any()
    } else {
        form(&plan, query, text).into_any()
    };
    view! {
        <p class="review">{summary(&plan)}</p>
        {findings(&plan.findings)}
        {all_the_same(&plan, query)}
        {sources(&plan.sources)}
        {first(&plan)}
        {start}
    }
}

fn summary(plan: &CopyPlan) -> String {
    let to = &plan.destination;
    let what = format!(
        "{} ({}) will be copied into {} {} of {} ({}) in {}.",
        counted(plan.points, "recovery point", "recovery points"),
        bytes(plan.bytes),
        to.kind.label(),
        to.vault,
        to.alias,
        to.account,
        to.region
    );
    match plan.left {
        0 => what,
        left => format!("{what} {} will be skipped.", count(left)),
    }
}

/// What stops copies first, what is only to be known last.
fn findings(findings: &[CopyFinding]) -> AnyView {
    if findings.is_empty() {
        return view! {
            <Notice tone=Tone::Good title="Nothing stands in the way">
                <p>"Access policy, organization, keys, types and locks were looked at."</p>
            </Notice>
        }
        .into_any();
    }
    let rows = findings
        .iter()
        .map(|finding| {
            let level = match finding.level {
                CopyLevel::Fails => "✗ would fail",
                CopyLevel::Never => "– skipped",
                CopyLevel::Note => "! to know",
            };
            let example = finding
                .first
                .first()
                .map(|arn| view! { <a href=point_href(arn)>"the first of them"</a> });
            view! {
                <tr>
                    <th scope="row" class="nowrap">{level}</th>
                    <td class="numeric">{count(finding.points)}</td>
                    <td class="cell-wide">{finding.text.clone()} {key_of(&finding.problem)}</td>
                    <td class="cell-wide">{finding.remedy.clone()}</td>
                    <td class="nowrap">{example}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="findings-title">
            <h2 id="findings-title">"Checks"</h2>
            <Table
                label="Checks"
                columns=vec![
                    Column::text("Result"),
                    Column::number("Points"),
                    Column::text("Finding"),
                    Column::text("What to do"),
                    Column::text("Look"),
                ]
            >
                {rows}
            </Table>
        </section>
    }
    .into_any()
}

/// The key that a finding is about.
fn key_of(problem: &CopyProblem) -> Option<String> {
    match problem {
        CopyProblem::UnsharedKey { key: Some(key), .. } => Some(format!("Key: {key}")),
        _ => None,
    }
}

/// Whoever knows better may try what is expected to fail.
fn all_the_same(plan: &CopyPlan, query: &PointsCopyQuery) -> AnyView {
    let points = |number| counted(number, "recovery point", "recovery points");
    if plan.doubtful > 0 {
        let href = query.with_anyway(false).href();
        let title = format!(
            "{} of these copies are expected to fail",
            count(plan.doubtful)
        );
        return view! {
            <Notice tone=Tone::Warn title=title>
                <p>"They are tried all the same. A copy job that fails costs nothing and changes nothing."</p>
                <p><a class="button button-small" href=href>"Skip them"</a></p>
            </Notice>
        }
        .into_any();
    }
    if plan.refused == 0 {
        return ().into_any();
    }
    let href = query.with_anyway(true).href();
    let text = format!(
        "{} are skipped because their copies would fail. If you know that AWS will take them, try them all the same.",
        points(plan.refused)
    );
    view! {
        <p>{text}</p>
        <p><a class="button button-small" href=href>"Try them all the same"</a></p>
    }
    .into_any()
}

fn sources(sources: &[ChangeTarget]) -> AnyView {
    if sources.is_empty() {
        return ().into_any();
    }
    let rows = sources
        .iter()
        .map(|source| {
            view! {
                <tr>
                    <th scope="row">{source.vault.clone()}</th>
                    <td class="numeric">{count(source.points)}</td>
                    <td class="numeric">{bytes(source.bytes)}</td>
                    <td><AccountLabel alias=source.alias.clone() id=source.account.as_str()/></td>
                    <td>{source.region.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="sources-title">
            <h2 id="sources-title">"From"</h2>
            <Table
                label="Vaults that are copied from"
                columns=vec![
                    Column::text("Vault"),
                    Column::number("Points"),
                    Column::number("Size"),
                    Column::text("Account"),
                    Column::text("Region"),
                ]
            >
                {rows}
            </Table>
        </section>
    }
    .into_any()
}

fn first(plan: &CopyPlan) -> AnyView {
    if plan.first.is_empty() {
        return ().into_any();
    }
    let rows = plan
        .first
        .iter()
        .map(|arn| view! { <li><a href=point_href(arn)>{arn.to_string()}</a></li> })
        .collect_view();
    let more = plan.points.saturating_sub(plan.first.len() as u64);
    let more = (more > 0).then(|| view! { <li>{format!("and {} more", count(more))}</li> });
    view! {
        <Disclosure summary="The first of the points"><ul class="names">{rows}{more}</ul></Disclosure>
    }
    .into_any()
}

fn form(plan: &CopyPlan, query: &PointsCopyQuery, text: &str) -> impl IntoView + use<> {
    let rule = |field: &str| {
        failure(CopyPoints::PATH)
            .and_then(|error| error.rule_for(field).map(str::to_owned))
            .unwrap_or_default()
    };
    let verb = format!("Copy {}", counted(plan.points, "point", "points"));
    let back = query.filter.on("/points");
    let (text, digest) = (text.to_owned(), plan.digest.clone());
    view! {
        <section aria-labelledby="confirm-title">
            <h2 id="confirm-title">"Confirm"</h2>
            <FormError action=CopyPoints::PATH/>
            <PostForm action=CopyPoints::PATH class="form">
                <input type="hidden" name="query" value=text/>
                <input type="hidden" name="digest" value=digest/>
                <TextArea label="Reason" name="reason" value=entered(CopyPoints::PATH, "reason")
                    hint="For the audit log, in your words." error=rule("reason")/>
                <div class="form-actions">
                    <button class="button button-primary">{verb}</button>
                    <a class="button" href=back>"Cancel"</a>
                </div>
                <p class="field-hint">"It becomes a run: you can close the page, it goes on by itself, and each point’s result is kept. AWS charges for the storage of the copies and, between Regions, for the transfer."</p>
            </PostForm>
        </section>
    }
}
