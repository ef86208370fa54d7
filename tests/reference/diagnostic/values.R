# Values on table.csv by pROC, survey, epiR and base R; writes values-r.json beside it.
# Rscript values.R   (R 4.2.2, pROC 1.18.0, survey 4.1-1, epiR 2.0.57, jsonlite)
suppressMessages({library(pROC); library(survey); library(epiR)})
d <- read.csv("table.csv")
curve <- function(x, of = d) roc(of$truth, of[[x]], levels = c(0, 1), direction = "<", quiet = TRUE)
one <- function(x) {
  r <- curve(x)
  list(auc = as.numeric(auc(r)), var = var(r, method = "delong"), ci90 = as.numeric(
         ci.auc(r, method = "delong", conf.level = 0.9))[c(1, 3)],
       partial = as.numeric(auc(r, partial.auc = c(1, 0.8))),
       mcclish = as.numeric(auc(r, partial.auc = c(0.9, 0.6), partial.auc.focus = "sensitivity",
                                partial.auc.correct = TRUE)),
       sensitivity_at_0.9 = coords(r, 0.9, input = "specificity", ret = "sensitivity",
                                   transpose = FALSE)$sensitivity,
       youden = as.list(coords(r, "best", ret = c("sensitivity", "specificity"),
                               transpose = FALSE)[1, ]))
}
paired <- roc.test(curve("score"), curve("rating"), method = "delong", paired = TRUE)
early <- d$patient < 55
unpaired <- roc.test(curve("score", d[early, ]), curve("score", d[!early, ]), method = "delong",
                     paired = FALSE)
share <- function(rows) {
  design <- svydesign(ids = ~patient, weights = ~1, data = d[rows, ])
  m <- svymean(~first, design)
  list(p = as.numeric(coef(m)), se = as.numeric(SE(m)), normal = as.numeric(confint(m)),
       t = as.numeric(confint(m, df = degf(design))))
}
counts <- function(x) as.numeric(table(factor(d[[x]], c(1, 0)), factor(d$truth, c(1, 0))))[c(1, 3, 2, 4)]
ratios <- epi.tests(counts("first"), method = "wilson")$detail
pick <- function(x) as.numeric(ratios[ratios$statistic == x, c("est", "lower", "upper")])
readings <- table(factor(d$first, c(1, 0)), factor(d$second, c(1, 0)))
sick <- d$truth == 1
values <- list(
  software = paste(R.version.string, "pROC", packageVersion("pROC"), "survey",
                   packageVersion("survey"), "epiR", packageVersion("epiR")),
  call = "Rscript values.R: roc, auc, ci.auc, coords, roc.test; svymean, confint; epi.tests",
  score = one("score"), rating = one("rating"),
  paired = list(z = as.numeric(paired$statistic), p = paired$p.value),
  covariance = cov(curve("score"), curve("rating"), method = "delong"),
  unpaired = list(D = as.numeric(unpaired$statistic), df = as.numeric(unpaired$parameter),
                  p = unpaired$p.value),
  sensitivity = share(sick), specificity_complement = share(!sick),
  counts = counts("first"), se = pick("se"), sp = pick("sp"), lr_positive = pick("lr.pos"),
  lr_negative = pick("lr.neg"),
  mcnemar = mcnemar.test(readings, correct = FALSE)$p.value,
  mcnemar_corrected = mcnemar.test(readings)$p.value,
  binomial = binom.test(counts("first")[1], sum(sick), 0.6)$p.value,
  clopper_pearson = as.numeric(binom.test(counts("first")[1], sum(sick), conf.level = 0.9)$conf.int))
writeLines(jsonlite::toJSON(values, digits = 15, auto_unbox = TRUE, pretty = TRUE), "values-r.json")
