# Values on table.csv by psych, epiR, pROC and base R; writes values-r.json beside it.
# Rscript values.R   (R 4.2.2, psych 2.2.9, epiR 2.0.57, jsonlite)
suppressMessages({library(psych); library(epiR)})
d <- read.csv("table.csv", colClasses = c(reference_mask = "character", device_mask = "character"))
raters <- d[, c("a", "b", "c")]
icc <- ICC(raters, lmer = FALSE)$results
kappas <- cohen.kappa(d[, c("a", "b")])
epi <- epi.kappa(table(factor(d$a, 1:4), factor(d$b, 1:4)), method = "fleiss")$kappa
gap <- d$first - d$second
n <- nrow(d)
ccc <- epi.ccc(d$first, d$second, ci = "z-transform")
fit <- glm(truth ~ qlogis(probability), data = d, family = binomial, control = list(epsilon = 1e-14))
large <- glm(truth ~ offset(qlogis(probability)), data = d, family = binomial,
             control = list(epsilon = 1e-14))
mask <- function(text) matrix(as.integer(strsplit(text, "")[[1]]), 12, byrow = TRUE)
inside <- function(m) { p <- rbind(0, cbind(0, m, 0), 0); k <- 2:13
  m == 1 & p[k - 1, k] == 1 & p[k + 1, k] == 1 & p[k, k - 1] == 1 & p[k, k + 1] == 1 }
edge <- function(m) which(m == 1 & !inside(m), arr.ind = TRUE)
far <- function(one, other) apply(one, 1, function(p) sqrt(min(colSums((t(other) - p)^2))))
overlap <- function(i) {
  r <- mask(d$reference_mask[i]); s <- mask(d$device_mask[i])
  c(dice = 2 * sum(r * s) / (sum(r) + sum(s)), jaccard = sum(r * s) / sum(pmax(r, s)),
    hausdorff = max(far(edge(r), edge(s)), far(edge(s), edge(r))))
}
exact <- function(expected, goal, alpha, power) {   # first n at which the exact test has the power
  for (n in 1:2000) {
    k <- qbinom(1 - alpha, n, goal) + 1
    if (pbinom(k - 1, n, expected, lower.tail = FALSE) >= power) return(n)
  }
}
values <- list(
  software = paste(R.version.string, "psych", packageVersion("psych"), "epiR", packageVersion("epiR")),
  call = "Rscript values.R: ICC, cohen.kappa, epi.kappa, epi.ccc, glm, power.prop.test, pbinom, t.test",
  icc = list(value = icc$ICC, low = icc$`lower bound`, high = icc$`upper bound`, p = icc$p,
             type = icc$type),
  kappa = kappas$kappa, weighted_quadratic = kappas$weighted.kappa,
  kappa_var = kappas$var.kappa, epi_kappa = as.numeric(epi[c("est", "se")]),
  bias = as.numeric(t.test(gap)$conf.int), sd = sd(gap),
  mean_gap = mean(gap), slope_p = summary(lm(gap ~ I((d$first + d$second) / 2)))$coefficients[2, ],
  ccc = as.numeric(ccc$rho.c[1]),
  slope = as.numeric(summary(fit)$coefficients[2, 1:2]),
  intercept = as.numeric(summary(fit)$coefficients[1, 1:2]),
  in_the_large = as.numeric(summary(large)$coefficients[1, 1:2]),
  brier = mean((d$probability - d$truth)^2),
  masks = t(sapply(1:5, overlap)),
  exact = c(exact(0.95, 0.9, 0.025, 0.8), exact(0.95, 0.9, 0.05, 0.8), exact(0.9, 0.8, 0.025, 0.9)),
  independent = power.prop.test(p1 = 0.85, p2 = 0.8, power = 0.8, sig.level = 0.05)$n)
writeLines(jsonlite::toJSON(values, digits = 15, auto_unbox = TRUE, pretty = TRUE), "values-r.json")
