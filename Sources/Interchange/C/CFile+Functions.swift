import PolicyGradients

extension CFile {
  /// Writes the function that callers call, and those that it calls.
  mutating func addFunctions() {
    text += """

      static void \(name)_layer(
          const float *restrict x, size_t inputs, const float *restrict weights, const float *restrict biases,
          size_t outputs, float *restrict y) {
        size_t i, j;
        for (j = 0; j < outputs; j++) y[j] = biases[j];
        for (i = 0; i < inputs; i++) {
          const float number = x[i];
          const float *restrict row = weights + i * outputs;
          for (j = 0; j < outputs; j++) y[j] += row[j] * number;
        }
      }


      """
    if networks.contains(where: { $0.layers.count > 1 }) {
      let function = policy.snapshot.activation == .tanh ? "tanhf(y[j])" : "y[j] > 0.0f ? y[j] : 0.0f"
      text += """
        static void \(name)_activate(float *y, size_t outputs) {
          size_t j;
          for (j = 0; j < outputs; j++) y[j] = \(function);
        }


        """
    }
    text += """
      void \(name)_act(const float *obs, const unsigned char *mask, double *action, float *parameters) {
        float input[\(inputWidth)];
        float first[\(widest)];
        float *z;
        size_t i;

      """
    if networks.contains(where: { $0.layers.count > 1 }) { text += "  float second[\(widest)];\n" }
    if sigmaCount > 0 { text += "  float sigma[\(sigmaCount)];\n" }
    if policy.maskWidth == 0 { text += "  (void)mask;\n" }
    if policy.parameterCount == 0 { text += "  (void)parameters;\n" }
    addInput()
    if case .network(let layers) = policy.sigma {
      addNetwork("sigma", layers)
      text += "  for (i = 0; i < \(sigmaCount); i++) sigma[i] = z[i];\n"
    }
    addNetwork("policy", policy.snapshot.policy)
    var (actionColumn, parameterColumn, maskColumn) = (0, 0, 0)
    for (index, part) in policy.actions.enumerated() {
      if policy.maskWidth > 0, case .choices = part.meaning {
        let count = part.columns.count
        text += """
            if (mask != NULL) {
              for (i = 0; i < \(count); i++) {
                if (!mask[\(maskColumn) + i]) z[\(part.columns.lowerBound) + i] = -INFINITY;
              }
            }

          """
        maskColumn += count
      }
      addAction(part, index, actionColumn)
      actionColumn += part.width
      if part.hasDistribution { addParameters(part, parameterColumn) }
      parameterColumn += part.parameterCount
    }
    text += "}\n"
  }

  private mutating func addInput() {
    text += "  for (i = 0; i < \(policy.observationWidth); i++) {\n    float number = obs[i];\n"
    if policy.rescaling != nil {
      text += "    number = (number - \(name)_obs_low[i]) / \(name)_obs_half[i] - \(name)_obs_unit[i];\n"
    }
    if policy.limits != nil { addClip("\(name)_obs_limit[i]") }
    if policy.normalization != nil {
      text += "    number = (number - \(name)_shift[i]) * \(name)_scale[i];\n"
      addClip("\(ObservationNormalizer.limit)f")
    }
    text += "    input[i] = number;\n  }\n"
    if policy.noiseWidth > 0 {
      text += "  for (i = \(policy.observationWidth); i < \(inputWidth); i++) input[i] = 0.0f;\n"
    }
  }

  private mutating func addClip(_ limit: String) {
    text += "    number = number < -\(limit) ? -\(limit) : number > \(limit) ? \(limit) : number;\n"
  }

  /// Computes a network, and has `z` point to its outputs.
  private mutating func addNetwork(_ network: String, _ layers: [PolicySnapshot.Layer]) {
    var (source, width) = ("input", inputWidth)
    for (index, layer) in layers.enumerated() {
      let target = index % 2 == 0 ? "first" : "second"
      let units = layer.biases.count
      text += "  \(name)_layer(\n"
      text += "      \(source), \(width), \(name)_\(network)_weights_\(index), \(name)_\(network)_biases_\(index), "
      text += "\(units), \(target));\n"
      if index < layers.count - 1 { text += "  \(name)_activate(\(target), \(units));\n" }
      (source, width) = (target, units)
    }
    text += "  z = \(source);\n"
  }

  private mutating func addAction(_ part: ExportedAction, _ index: Int, _ column: Int) {
    let first = part.columns.lowerBound
    switch part.meaning {
    case .choices(let counts, _):
      text += """
          {
            const float *logits = z + \(first);
            for (i = 0; i < \(counts.count); i++) {
              int choice, best = 0;
              for (choice = 1; choice < \(name)_counts_\(index)[i]; choice++) {
                if (logits[choice] > logits[best]) best = choice;
              }
              action[\(column) + i] = \(name)_starts_\(index)[i] + best;
              logits += \(name)_counts_\(index)[i];
            }
          }

        """
    case .bits:
      text += """
          for (i = 0; i < \(part.width); i++) action[\(column) + i] = z[\(first) + i] > 0.0f ? 1.0 : 0.0;

        """
    case .numbers(_, _, let scale):
      text += "  for (i = 0; i < \(part.width); i++) {\n"
      switch scale {
      case .plain: text += "    double number = (double)z[\(first) + i];\n"
      case .squashed:
        text += """
              const float share = (tanhf(z[\(first) + i]) + 1.0f) * 0.5f;
              double number = (double)(\(name)_least_\(index)[i] * (1.0f - share) + \(name)_greatest_\(index)[i] * share);

          """
      case .rescaled:
        let array = "\(name)_action_\(index)"
        text += """
              const float span = (z[\(first) + i] + \(array)_unit[i]) * \(array)_half[i];
              double number = (double)(\(array)_low[i] + span);

          """
      }
      text += """
            if (number < \(name)_low_\(index)[i]) number = \(name)_low_\(index)[i];
            if (number > \(name)_high_\(index)[i]) number = \(name)_high_\(index)[i];
            action[\(column) + i] = \(part.type.isFloatingPoint ? "number" : "round(number)");
          }

        """
    }
  }

  private mutating func addParameters(_ part: ExportedAction, _ column: Int) {
    let count = part.columns.count
    text += "  if (parameters != NULL) {\n"
    text += "    for (i = 0; i < \(count); i++) parameters[\(column) + i] = z[\(part.columns.lowerBound) + i];\n"
    if let sigma = part.sigmaColumns {
      let source =
        switch policy.sigma {
        case .values: "\(name)_log_std[\(sigma.lowerBound) + i]"
        case .network: "sigma[\(sigma.lowerBound) + i]"
        case .absent, .outputs: "z[\(sigma.lowerBound) + i]"
        }
      text += "    for (i = 0; i < \(sigma.count); i++) {\n      const float number = \(source);\n"
      var value = "number"
      if case .outputs(let limits?) = policy.sigma {
        value = "number < \(limits.lowerBound)f ? \(limits.lowerBound)f : "
        value += "number > \(limits.upperBound)f ? \(limits.upperBound)f : number"
      }
      text += "      parameters[\(column + count) + i] = \(value);\n    }\n"
    }
    text += "  }\n"
  }
}
