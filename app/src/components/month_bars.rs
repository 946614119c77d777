use leptos::prelude::*;
use tidemark_domain::cost::CostMonth;

use crate::format::money;

/// The height of the highest bar, and what is above it for the scale.
const HEIGHT: f64 = 120.0;
const TOP: f64 = 20.0;

/// What months cost, one bar each: warm and cold storage and copies on one another.
#[component]
pub(crate) fn MonthBars(
    /// The months, in order.
    months: Vec<CostMonth>,
    /// The currency of their amounts.
    currency: String,
) -> impl IntoView {
    let most = months.iter().map(CostMonth::total).fold(0.0, f64::max);
    let label = summary(&months, &currency);
    let slot = 100.0 / as_f64(months.len().max(1));
    let bars = months
        .iter()
        .enumerate()
        .map(|(index, month)| bar(month, as_f64(index) * slot, slot, most))
        .collect_view();
    let bottom = TOP + HEIGHT;
    let scale = format!("up to {}", money(most, &currency));
    view! {
        <figure class="bars">
            <svg class="bars-drawing" width="100%" height=(bottom + 20.0).to_string() role="img" aria-label=label>
                <text class="bars-label" x="2" y="13">{scale}</text>
                <line class="bars-tick" x1="0" x2="100%" y1=TOP.to_string() y2=TOP.to_string()></line>
                <line class="bars-track" x1="0" x2="100%" y1=bottom.to_string() y2=bottom.to_string()></line>
                {bars}
            </svg>
            <figcaption class="bars-caption">
                <span class="bars-key" data-kind="warm">"warm storage"</span>
                <span class="bars-key" data-kind="cold">"cold storage"</span>
                <span class="bars-key" data-kind="end">"copies to other Regions"</span>
            </figcaption>
        </figure>
    }
}

fn bar(month: &CostMonth, left: f64, slot: f64, most: f64) -> impl IntoView + use<> {
    let mut top = TOP + HEIGHT;
    let parts = [
        ("warm", month.warm),
        ("cold", month.cold),
        ("end", month.copies),
    ]
    .into_iter()
    .filter(|(_, amount)| *amount > 0.0)
    .map(|(kind, amount)| {
        let height = (amount / most * HEIGHT).max(1.0);
        top -= height;
        view! {
            <rect
                class="bars-bar"
                data-kind=kind
                x=format!("{:.2}%", left + slot * 0.15)
                width=format!("{:.2}%", slot * 0.7)
                y=format!("{top:.1}")
                height=format!("{height:.1}")
            ></rect>
        }
    })
    .collect_view();
    let name = month.month.strftime("%b").to_string();
    view! {
        {parts}
        <text
            class="bars-label"
            x=format!("{:.2}%", left + slot / 2.0)
            y=format!("{}", TOP + HEIGHT + 14.0)
            text-anchor="middle"
        >
            {name}
        </text>
    }
}

/// The first, the dearest and the last month, in words; a table with every month stands beside.
fn summary(months: &[CostMonth], currency: &str) -> String {
    let say = |month: &CostMonth| {
        let name = month.month.strftime("%B %Y");
        format!("{name}: {}", money(month.total(), currency))
    };
    match (months.first(), months.last()) {
        (Some(first), Some(last)) => {
            format!("Cost by month. {}; {}", say(first), say(last))
        }
        _ => "Cost by month: none".to_owned(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "months are few")]
fn as_f64(number: usize) -> f64 {
    number as f64
}
