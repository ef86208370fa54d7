# Reader-study values on table.csv by pROC and base R; writes values-r.json beside it.
# Rscript values.R   (R 4.2.2, pROC 1.18.0, jsonlite)
suppressMessages(library(pROC))
d <- read.csv("table.csv", stringsAsFactors = TRUE)
d$case <- factor(d$case)
cells <- expand.grid(reader = levels(d$reader), modality = levels(d$modality))
curve <- function(x) roc(x$truth, x$rating, levels = c(0, 1), direction = "<", quiet = TRUE)
rows <- function(i, x = d) x[x$reader == cells$reader[i] & x$modality == cells$modality[i], ]
n <- nrow(cells)
curves <- lapply(seq_len(n), function(i) curve(rows(i)))
areas <- sapply(curves, function(x) as.numeric(auc(x)))
covariance <- matrix(0, n, n)
for (i in seq_len(n)) for (j in seq_len(n)) {
  covariance[i, j] <- if (i == j) var(curves[[i]], method = "delong")
                      else cov(curves[[i]], curves[[j]], method = "delong")
}
squares <- anova(suppressWarnings(lm(areas ~ modality * reader, data = cells)))
ms <- setNames(squares[["Mean Sq"]][1:3], rownames(squares)[1:3])
same_reader <- outer(cells$reader, cells$reader, "==")
same_modality <- outer(cells$modality, cells$modality, "==")
cov1 <- mean(covariance[same_reader & !same_modality])
cov2 <- mean(covariance[!same_reader & same_modality])
cov3 <- mean(covariance[!same_reader & !same_modality])
r <- nlevels(d$reader)
denominator <- ms[["modality:reader"]] + r * max(cov2 - cov3, 0)
df <- denominator^2 / (ms[["modality:reader"]]^2 / (r - 1))
statistic <- ms[["modality"]] / denominator
k <- nlevels(d$case)
pseudo <- do.call(rbind, lapply(levels(d$case), function(gone) {
  left <- d[d$case != gone, ]
  without <- sapply(seq_len(n), function(i) as.numeric(auc(curve(rows(i, left)))))
  cbind(cells, case = gone, y = k * areas - (k - 1) * without)
}))
table <- anova(suppressWarnings(lm(y ~ modality * reader * case, data = pseudo)))
values <- list(
  software = paste(R.version.string, "pROC", packageVersion("pROC")),
  call = "Rscript values.R: pROC auc, var, cov (delong); anova(lm(...))",
  auc = areas, covariance = covariance,
  obuchowski_rockette = list(cov1 = cov1, cov2 = cov2, cov3 = cov3, F = statistic, df = df,
                             p = pf(statistic, 1, df, lower.tail = FALSE)),
  pseudovalue_mean_squares = setNames(as.list(table[["Mean Sq"]][1:7]), rownames(table)[1:7]))
writeLines(jsonlite::toJSON(values, digits = 15, auto_unbox = TRUE, pretty = TRUE), "values-r.json")
