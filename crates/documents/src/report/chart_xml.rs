//! A chart of Word: the drawing in the text, the chart part, and the sheet of numbers that Word opens when somebody edits it.

use base::{Date, Rate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::docx::attribute;
use super::{Chart, ChartKind, Series};
use crate::word::escape;

/// Units of the format in a millimetre.
const MM: usize = 36_000;
/// Two decimals, written as in Viet Nam whatever the machine.
const FORMAT: &str = "[$-42A]0.00";

/// The chart where it stands in the text; `number` counts charts from 1.
pub(super) fn drawing(chart: &Chart, number: usize) -> String {
    let high = match chart.kind {
        ChartKind::Bars => 28 + chart.categories.len() * (4 + 4 * chart.series.len()),
        ChartKind::Course => 72,
    };
    format!(
        "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{}\" cy=\"{}\"/><wp:docPr id=\"{number}\" \
         name=\"Biểu đồ {number}\" descr=\"{}\"/><a:graphic xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><a:graphicData \
         uri=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"><c:chart xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" \
         r:id=\"rIdChart{number}\"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
        160 * MM,
        high * MM,
        attribute(&chart.title)
    )
}

/// The chart part.
pub(super) fn chart_part(chart: &Chart) -> String {
    let series: String = chart.series.iter().enumerate().map(|(at, one)| series(chart, at, one)).collect();
    let plot = match chart.kind {
        ChartKind::Bars => format!(
            "<c:barChart><c:barDir val=\"bar\"/><c:grouping val=\"clustered\"/><c:varyColors val=\"0\"/>{series}<c:gapWidth val=\"60\"/>\
             <c:axId val=\"1\"/><c:axId val=\"2\"/></c:barChart>{}{}",
            // Names from top to bottom; the numbers stay below.
            category_axis("maxMin", "l"),
            value_axis("b", "max", Some(0))
        ),
        ChartKind::Course => format!(
            "<c:lineChart><c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>{series}<c:marker val=\"1\"/><c:axId val=\"1\"/><c:axId val=\"2\"/>\
             </c:lineChart>{}{}",
            category_axis("minMax", "b"),
            value_axis("l", "autoZero", None)
        ),
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
         <c:roundedCorners val=\"0\"/><c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz=\"1200\" b=\"1\"/></a:pPr><a:r><a:rPr \
         lang=\"vi-VN\" sz=\"1200\" b=\"1\"/><a:t>{}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val=\"0\"/></c:title><c:autoTitleDeleted val=\"0\"/>\
         <c:plotArea><c:layout/>{plot}</c:plotArea><c:legend><c:legendPos val=\"t\"/><c:overlay val=\"0\"/></c:legend><c:plotVisOnly val=\"1\"/>\
         <c:dispBlanksAs val=\"gap\"/></c:chart><c:spPr><a:ln><a:noFill/></a:ln></c:spPr><c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz=\"1000\"><a:solidFill>\
         <a:srgbClr val=\"000000\"/></a:solidFill><a:latin typeface=\"Times New Roman\"/><a:cs typeface=\"Times New Roman\"/></a:defRPr></a:pPr>\
         <a:endParaRPr lang=\"vi-VN\"/></a:p></c:txPr><c:externalData r:id=\"rId1\"><c:autoUpdate val=\"0\"/></c:externalData></c:chartSpace>",
        escape(&chart.title)
    )
}

/// One colour: dark for what is, light or broken for what is aimed at.
fn series(chart: &Chart, at: usize, one: &Series) -> String {
    let column = column(at);
    let last = chart.categories.len() + 1;
    let look = match (chart.kind, one.planned) {
        (ChartKind::Bars, false) => "<a:solidFill><a:srgbClr val=\"404040\"/></a:solidFill>".to_owned(),
        (ChartKind::Bars, true) => "<a:solidFill><a:srgbClr val=\"BFBFBF\"/></a:solidFill>".to_owned(),
        (ChartKind::Course, false) => line(22_225, "404040", "solid"),
        (ChartKind::Course, true) => line(12_700, "404040", "dash"),
    };
    let kind = match (chart.kind, one.planned) {
        (ChartKind::Bars, _) => "<c:invertIfNegative val=\"0\"/>",
        (ChartKind::Course, false) => {
            "<c:marker><c:symbol val=\"square\"/><c:size val=\"5\"/><c:spPr><a:solidFill><a:srgbClr val=\"404040\"/></a:solidFill></c:spPr></c:marker>"
        }
        (ChartKind::Course, true) => "<c:marker><c:symbol val=\"none\"/></c:marker>",
    };
    let labels = if chart.kind == ChartKind::Bars {
        format!(
            "<c:dLbls><c:numFmt formatCode=\"{FORMAT}\" sourceLinked=\"0\"/><c:spPr><a:noFill/></c:spPr><c:dLblPos val=\"outEnd\"/><c:showLegendKey val=\"0\"/>\
             <c:showVal val=\"1\"/><c:showCatName val=\"0\"/><c:showSerName val=\"0\"/><c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/></c:dLbls>"
        )
    } else {
        String::new()
    };
    let smooth = if chart.kind == ChartKind::Course { "<c:smooth val=\"0\"/>" } else { "" };
    let names: String = points(chart.categories.iter().map(|name| Some(escape(name))));
    let values: String = points(one.values.iter().map(|value| value.map(|value| value.to_string())));
    format!(
        "<c:ser><c:idx val=\"{at}\"/><c:order val=\"{at}\"/><c:tx><c:strRef><c:f>Sheet1!${column}$1</c:f><c:strCache><c:ptCount val=\"1\"/><c:pt idx=\"0\">\
         <c:v>{}</c:v></c:pt></c:strCache></c:strRef></c:tx><c:spPr>{look}</c:spPr>{kind}{labels}<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache>\
         <c:ptCount val=\"{count}\"/>{names}</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>Sheet1!${column}$2:${column}${last}</c:f><c:numCache>\
         <c:formatCode>0.00</c:formatCode><c:ptCount val=\"{count}\"/>{values}</c:numCache></c:numRef></c:val>{smooth}</c:ser>",
        escape(&one.name),
        count = chart.categories.len()
    )
}

fn line(wide: u32, colour: &str, dash: &str) -> String {
    format!("<a:ln w=\"{wide}\"><a:solidFill><a:srgbClr val=\"{colour}\"/></a:solidFill><a:prstDash val=\"{dash}\"/></a:ln>")
}

fn points(values: impl Iterator<Item = Option<String>>) -> String {
    let point = |(at, value): (usize, Option<String>)| value.map(|value| format!("<c:pt idx=\"{at}\"><c:v>{value}</c:v></c:pt>"));
    values.enumerate().filter_map(point).collect()
}

/// The column of a series in the sheet: B, C, D …
fn column(at: usize) -> char {
    u8::try_from(at).ok().and_then(|at| b'B'.checked_add(at)).map_or('Z', char::from)
}

fn category_axis(order: &str, place: &str) -> String {
    format!(
        "<c:catAx><c:axId val=\"1\"/><c:scaling><c:orientation val=\"{order}\"/></c:scaling><c:delete val=\"0\"/><c:axPos val=\"{place}\"/>\
         <c:numFmt formatCode=\"General\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"low\"/>\
         <c:crossAx val=\"2\"/><c:crosses val=\"autoZero\"/><c:auto val=\"0\"/><c:lblAlgn val=\"ctr\"/><c:lblOffset val=\"100\"/>\
         <c:noMultiLvlLbl val=\"1\"/></c:catAx>"
    )
}

fn value_axis(place: &str, crosses: &str, least: Option<u32>) -> String {
    let least = least.map(|least| format!("<c:min val=\"{least}\"/>")).unwrap_or_default();
    format!(
        "<c:valAx><c:axId val=\"2\"/><c:scaling><c:orientation val=\"minMax\"/>{least}</c:scaling><c:delete val=\"0\"/><c:axPos val=\"{place}\"/>\
         <c:majorGridlines><c:spPr><a:ln w=\"3175\"><a:solidFill><a:srgbClr val=\"BFBFBF\"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>\
         <c:numFmt formatCode=\"[$-42A]General\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/>\
         <c:tickLblPos val=\"nextTo\"/><c:crossAx val=\"1\"/><c:crosses val=\"{crosses}\"/><c:crossBetween val=\"between\"/></c:valAx>"
    )
}

/// The sheet of numbers behind a chart.
pub(super) fn chart_sheet(chart: &Chart, day: Date) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let part = |number: i32| u8::try_from(number).unwrap_or(1);
    let created = ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(1900), part(day.month_number()), part(day.day()))?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = book.add_worksheet();
    sheet.set_name("Sheet1")?;
    for (row, name) in (1u32..).zip(&chart.categories) {
        sheet.write_string(row, 0, name)?;
    }
    for (at, series) in (1u16..).zip(&chart.series) {
        sheet.write_string(0, at, &series.name)?;
        for (row, value) in (1u32..).zip(&series.values) {
            if let Some(value) = value {
                sheet.write_number(row, at, number(*value))?;
            }
        }
    }
    book.save_to_buffer()
}

/// An exact decimal as a sheet keeps numbers.
pub(crate) fn number(value: Rate) -> f64 {
    let (mantissa, scale) = value.parts();
    #[allow(clippy::cast_precision_loss)]
    let whole = mantissa as f64;
    whole / 10_f64.powi(i32::try_from(scale).unwrap_or(0))
}
