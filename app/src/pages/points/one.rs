use leptos::prelude::*;
use tidemark_domain::{
    PointDetail, PointSource, Privilege, RecoveryPoint,
    change::{PointAction, expired_words, verdict},
};

use super::{point_href, vault_of};
use crate::{
    clock::page_clock,
    components::{
        AccountLabel, Copyable, Crumb, LifecycleBar, LockBadge, Moment, Notice, PageHead,
        PointBadge, Style, TierBadge, Tone, load_page,
    },
    format::{bytes, utc},
    pages::{resources::resource_href, search, vaults::vault_href},
    query::pairs,
    server_fns::points::{ChangeQuery, PointsCopyQuery, get_point_detail},
    use_session,
    wizard::{Step, Wizard},
};

/// One recovery point: its facts, its life, its copies, and what can be done with it.
#[component]
pub(crate) fn PointPage() -> impl IntoView {
    let search = search();
    let arn = Memo::new(move |_| {
        pairs(&search.get())
            .into_iter()
            .find(|(name, _)| name == "arn")
            .map(|(_, arn)| arn)
            .unwrap_or_default()
    });
    let point = Resource::new_blocking(move || arn.get(), get_point_detail);
    load_page(point, |detail| show(detail).into_any())
}

fn show(detail: PointDetail) -> impl IntoView {
    let session = use_session();
    let point = detail.point.clone();
    let title = format!("{} of {}", detail.resource_name, utc(point.created_at));
    let restore = (session.may(Privilege::Restore) && point.is_usable()).then(|| {
        let href = Wizard::of(&point.resource_arn)
            .at(Step::Where)
            .from_point(&point)
            .href();
        view! { <a class="button button-primary" href=href>"Restore"</a> }
    });
    let manages = session.may(Privilege::ManagePoints);
    let kept = verdict(&point, &PointAction::Delete).err();
    let change = manages.then(|| {
        let lifecycle = ChangeQuery::one("lifecycle", &point).href();
        let delete = ChangeQuery::one("delete", &point).href();
        let copy = PointsCopyQuery::one(&point).href();
        view! {
            <a class="button" href=copy>"Copy"</a>
            <a class="button" href=lifecycle>"Change lifecycle"</a>
            <a class="button" href=delete>"Delete"</a>
        }
    });
    let crumbs = vec![
        Crumb::new("Recovery points", "/points"),
        Crumb::new(
            detail.resource_name.clone(),
            resource_href(&point.resource_arn),
        ),
    ];
    let stays = kept.map(|keep| {
        view! {
            <Notice tone=Tone::Neutral title="It cannot be deleted now">
                <p>{keep.why()}</p>
            </Notice>
        }
    });
    view! {
        <PageHead title=title crumbs=crumbs>{restore}{change}</PageHead>
        {status(&point)}
        {stays}
        <section aria-labelledby="life-title">
            <h2 id="life-title">"Lifecycle"</h2>
            {life(&point)}
        </section>
        {facts(&detail)}
        {holds(&detail)}
        {lineage(&detail)}
        {members(&detail)}
    }
}

/// What is the matter with it, why, and what to do.
fn status(point: &RecoveryPoint) -> AnyView {
    let told = point
        .status_message
        .clone()
        .map(|message| view! { <p>"AWS says: " {message}</p> });
    match point.status.as_str() {
        "EXPIRED" => {
            let (why, fix) = expired_words(point);
            view! {
                <Notice tone=Tone::Warn title="Expired: it should be gone">
                    <p>{why}</p>
                    {told}
                    <p><strong>"What to do: "</strong> {fix}</p>
                </Notice>
            }
            .into_any()
        }
        "PARTIAL" => view! {
            <Notice tone=Tone::Warn title="Partial: not everything is in it">
                <p>"Some of the data could not be backed up. A restore brings back only what is there."</p>
                {told}
            </Notice>
        }
        .into_any(),
        "STOPPED" => view! {
            <Notice tone=Tone::Neutral title="Stopped: it is no longer fed">
                <p>"Continuous backup of the resource has ended. It can be restored to any second until then, as long as it is kept."</p>
                {told}
            </Notice>
        }
        .into_any(),
        _ => told
            .map(|told| view! { <Notice tone=Tone::Neutral title="What AWS says">{told}</Notice> })
            .into_any(),
    }
}

fn life(point: &RecoveryPoint) -> AnyView {
    if point.source == PointSource::Continuous {
        return view! {
            <p>"A continuous point: it is fed all the time and reaches back as far as its plan says, at most 35 days."</p>
        }
        .into_any();
    }
    let now = page_clock().now_once();
    view! {
        <LifecycleBar created_at=point.created_at cold_at=point.cold_at delete_at=point.delete_at now/>
    }
    .into_any()
}

fn facts(detail: &PointDetail) -> impl IntoView + use<> {
    let point = &detail.point;
    let id = point.account.to_string();
    let account_page = format!("/accounts/{id}");
    let lock = detail.vault.as_ref().map(|vault| {
        let lock = vault.lock_state(page_clock().now_once());
        view! { " " <LockBadge lock/> }
    });
    let vault = vault_of(point).map(|arn| {
        view! {
            <dt>"Vault"</dt>
            <dd><a href=vault_href(&arn)>{point.vault.clone()}</a> {lock}</dd>
        }
    });
    view! {
        <section aria-labelledby="facts-title">
            <h2 id="facts-title">"Details"</h2>
            <dl class="facts">
                <dt>"ARN"</dt><dd><Copyable text=point.arn.as_str() label="ARN"/></dd>
                <dt>"Status"</dt><dd><PointBadge point=point.clone()/></dd>
                <dt>"Tier"</dt><dd><TierBadge tier=point.tier/></dd>
                {point.size_bytes.map(|size| view! { <dt>"Size"</dt><dd>{bytes(size)}</dd> })}
                <dt>"Resource"</dt>
                <dd>
                    <a href=resource_href(&point.resource_arn)>{detail.resource_name.clone()}</a>
                    ", " {point.resource_type.to_string()}
                </dd>
                {vault}
                <dt>"Location"</dt>
                <dd>
                    <a href=account_page><AccountLabel alias=detail.alias.clone() id=id/></a>
                    ", " {point.region.to_string()}
                </dd>
                <dt>"Created"</dt><dd><Moment at=point.created_at style=Style::Both/></dd>
                {point.completed_at.map(|at| view! { <dt>"Complete"</dt><dd><Moment at style=Style::Both/></dd> })}
                <dt>"Source"</dt><dd>{point.source.as_str()}</dd>
                {point.plan_id.clone().map(|plan| view! { <dt>"Plan"</dt><dd><Copyable text=plan label="plan id"/></dd> })}
            </dl>
        </section>
    }
}

fn holds(detail: &PointDetail) -> AnyView {
    if !detail.point.held {
        return ().into_any();
    }
    let list = detail
        .holds
        .iter()
        .map(|hold| {
            view! {
                <li>
                    <strong>{hold.title.clone()}</strong> ", since " <Moment at=hold.created_at style=Style::Both/>
                    <p class="muted">{hold.description.clone()}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="holds-title">
            <h2 id="holds-title">"Legal holds"</h2>
            <p>"While a hold is active, AWS deletes it neither by hand nor when its retention ends."</p>
            <ul class="lineage">{list}</ul>
        </section>
    }
    .into_any()
}

/// Where it came from and where it went.
fn lineage(detail: &PointDetail) -> AnyView {
    if detail.sources.is_empty() && detail.copies.is_empty() {
        let text = match &detail.point.copied_from {
            Some(source) => {
                format!("A copy of {source}, which is not in the inventory any more.")
            }
            None => match &detail.point.copied_from_vault {
                Some(vault) => format!(
                    "A copy from vault {}; of which point there is not known, since AWS tells it for a while only, where the source lies.",
                    vault.name()
                ),
                None => "It is an original, and no copy of it is known.".to_owned(),
            },
        };
        return view! {
            <section aria-labelledby="lineage-title">
                <h2 id="lineage-title">"Copies"</h2>
                <p class="muted">{text}</p>
            </section>
        }
        .into_any();
    }
    let sources = detail
        .sources
        .iter()
        .map(|p| relative(p, ""))
        .collect_view();
    let copies = detail
        .copies
        .iter()
        .map(|p| relative(p, "copy"))
        .collect_view();
    view! {
        <section aria-labelledby="lineage-title">
            <h2 id="lineage-title">"Copies"</h2>
            <ol class="lineage" data-chain="true">
                {sources}
                <li aria-current="true"><strong>"this point"</strong> " " <Moment at=detail.point.created_at style=Style::Exact/></li>
                {copies}
            </ol>
        </section>
    }
    .into_any()
}

fn members(detail: &PointDetail) -> AnyView {
    if detail.members.is_empty() {
        return ().into_any();
    }
    let members = detail
        .members
        .iter()
        .map(|p| relative(p, "member"))
        .collect_view();
    view! {
        <section aria-labelledby="members-title">
            <h2 id="members-title">"Members"</h2>
            <ul class="lineage">{members}</ul>
        </section>
    }
    .into_any()
}

fn relative(point: &RecoveryPoint, what: &'static str) -> impl IntoView + use<> {
    let vault = point.vault.clone().unwrap_or_default();
    view! {
        <li>
            <a href=point_href(&point.arn)>{vault}</a> " "
            <span class="account-id">{point.account.to_string()}</span> " " {point.region.to_string()} " "
            <PointBadge point=point.clone()/> " " {what} " " <Moment at=point.created_at style=Style::Exact/>
        </li>
    }
}
