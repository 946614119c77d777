use leptos::prelude::*;
use tidemark_domain::{RecoveryPoint, change::PointPick};

use super::{point_href, vault_of};
use crate::{
    components::{AccountLabel, Column, Expires, Moment, PointBadge, Style, Table, TierBadge},
    format::{bytes, utc},
    pages::{resources::resource_href, vaults::vault_href},
};

/// Recovery points of several resources as a table. With `picked`, each has a box to pick it, which
/// the signal checks and unchecks all at once.
pub(crate) fn points_rows(
    points: Vec<RecoveryPoint>,
    picked: Option<RwSignal<bool>>,
    aliases: &[(String, String)],
) -> AnyView {
    let mut columns = vec![
        Column::text("Resource"),
        Column::text("Created"),
        Column::text("Status"),
        Column::text("Tier"),
        Column::number("Size"),
        Column::text("Vault"),
        Column::text("Location"),
        Column::text("Expires"),
    ];
    if picked.is_some() {
        columns.insert(0, Column::text("Select"));
    }
    let rows = points
        .into_iter()
        .map(|point| row(point, picked, aliases))
        .collect_view();
    view! { <Table label="Recovery points" columns=columns>{rows}</Table> }.into_any()
}

fn row(
    point: RecoveryPoint,
    picked: Option<RwSignal<bool>>,
    aliases: &[(String, String)],
) -> impl IntoView + use<> {
    let name = point.resource_arn.name().to_owned();
    let pick = picked.map(|picked| {
        let value = PointPick {
            account: point.account.clone(),
            arn: point.arn.clone(),
        }
        .to_string();
        let label = format!("Select {name} of {}", utc(point.created_at));
        view! {
            <td>
                <label class="pick">
                    <input type="checkbox" name="pick" value=value aria-label=label prop:checked=move || picked.get()/>
                </label>
            </td>
        }
    });
    let account = point.account.to_string();
    let alias = aliases
        .iter()
        .find(|(id, _)| *id == account)
        .map(|(_, alias)| alias.clone())
        .unwrap_or_default();
    let vault = vault_of(&point).map(|arn| {
        view! { <a href=vault_href(&arn)>{point.vault.clone()}</a> }
    });
    let copied = point
        .is_copy()
        .then(|| view! { <p class="cell-note">"copy"</p> });
    view! {
        <tr>
            {pick}
            <td class="cell-name">
                <a href=resource_href(&point.resource_arn)>{name}</a>
                <p class="cell-note">{point.resource_type.to_string()} ", " {point.source.as_str()}</p>
            </td>
            <td>
                <a class="row-link" href=point_href(&point.arn)><Moment at=point.created_at style=Style::Both/></a>
            </td>
            <td><PointBadge point=point.clone()/> {copied}</td>
            <td><TierBadge tier=point.tier/></td>
            <td class="numeric">{point.size_bytes.map(bytes)}</td>
            <td class="nowrap">{vault}</td>
            <td class="nowrap">
                <AccountLabel alias id=account/>
                <p class="cell-line">{point.region.to_string()}</p>
            </td>
            <td><Expires cold_at=point.cold_at delete_at=point.delete_at held=point.held/></td>
        </tr>
    }
}
